package dev.sheave.server.internal.pages;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.options.Cookie;
import dev.sheave.api.KeyScope;
import dev.sheave.api.Page;
import dev.sheave.api.StoreAdministration;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pages of a server that has API keys. */
class SignInTest {
  @TempDir Path folder;
  private ServedPages pages;
  private StoreAdministration store;

  @BeforeEach
  void serve() {
    pages = new ServedPages(folder);
    store = pages.sheave.api().administration().orElseThrow();
  }

  @AfterEach
  void close() {
    pages.close();
  }

  private String key(KeyScope scope) {
    return store.apiKeys().createKey(scope.name(), scope, null).secret().reveal();
  }

  private void signIn(String path, String key) {
    pages.open(path);
    enter(key);
  }

  private void enter(String key) {
    pages.page.fill("#key", key);
    pages.page.click("main button");
  }

  @Test
  void whoHasNoKeySeesTheFormAndThenThePageThatWasAskedFor() {
    String key = key(KeyScope.ADMIN);

    pages.open("/variables");
    assertThat(pages.page.locator("h1")).hasText("Sign in");
    enter("shv_nonsense");
    assertThat(pages.page.locator(".problem")).containsText("The API key isn't valid here");
    enter(key);

    assertThat(pages.page.locator("h1")).hasText("Variables");
    assertThat(pages.page.content()).doesNotContain(key);
    Cookie cookie =
        pages.context.cookies().stream()
            .filter(each -> each.name.equals("sheave-key"))
            .findFirst()
            .orElseThrow();
    assertThat(cookie.httpOnly).isTrue();
    assertThat(cookie.sameSite.name()).isEqualTo("STRICT");

    pages.page.click("text=Sign out");
    pages.open("/variables");
    assertThat(pages.page.locator("h1")).hasText("Sign in");
  }

  @Test
  void aKeyThatReadsChangesNothing() {
    signIn("/variables", key(KeyScope.READ));
    pages.page.fill("#name", "colour");
    pages.page.fill("#value", "blue");
    pages.page.click("main form button.primary");

    assertThat(pages.page.locator("main")).containsText("The API key 'READ' isn't good for that");
    assertThat(pages.sheave.api().variables().findVariable("colour")).isEmpty();
  }

  @Test
  void aKeyThatWasRevokedLeadsToTheForm() {
    signIn("/", key(KeyScope.ADMIN));
    assertThat(pages.page.locator("h1")).not().hasText("Sign in");
    store.apiKeys().revokeKey(KeyScope.ADMIN.name());

    pages.open("/");
    assertThat(pages.page.locator("h1")).hasText("Sign in");
  }

  @Test
  void aLinkLeadsToNoOtherSite() {
    String key = key(KeyScope.ADMIN);
    signIn("/sign-in?next=//example.org/", key);
    assertThat(pages.page.url()).isEqualTo(pages.address("/"));
  }

  @Test
  void aChangeIsNotedWithWhoMadeIt() {
    signIn("/variables", key(KeyScope.ADMIN));
    pages.page.fill("#name", "colour");
    pages.page.fill("#value", "blue");
    pages.page.click("main form button.primary");
    assertThat(pages.page.locator("main")).containsText("colour");
    pages.server.close(); // which writes what it noted

    assertThat(store.audit().listChanges(Page.FIRST))
        .extracting(change -> change.who() + " " + change.method() + " " + change.path())
        .containsExactly("ADMIN POST /variables");
  }
}
