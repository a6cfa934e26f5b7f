package dev.sheave.server.internal.pages;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Dialog;
import com.microsoft.playwright.Page;
import dev.sheave.api.ApiKeyRecord;
import dev.sheave.api.KeyScope;
import dev.sheave.api.StoreAdministration;
import dev.sheave.block.Secret;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdminPagesTest {
  private static final String SCRIPT = "<script>document.title='taken'</script>";

  @TempDir Path folder;

  private static void make(Page page, String name, String scope) {
    page.fill("#name", name);
    page.selectOption("#scope", scope);
    page.click("main form button.primary");
  }

  @Test
  void whoMakesTheFirstKeyGoesOnWithItAndMakesOthers() {
    try (ServedPages pages = new ServedPages(folder).open("/keys")) {
      StoreAdministration store = pages.sheave.api().administration().orElseThrow();
      Page page = pages.page;
      assertThat(page.locator("main"))
          .containsText("Whoever reaches this server may do everything");
      make(page, "reader", "read");
      assertThat(page.locator(".problem")).containsText("The first key needs the scope admin");
      assertThat(store.apiKeys().hasKeys()).isFalse();

      make(page, SCRIPT, "admin");
      assertThat(page.locator("#made")).containsText(SCRIPT);
      String key = page.locator("#made-key").textContent();
      assertThat(store.apiKeys().useKey(Secret.of(key)).orElseThrow().scope())
          .isEqualTo(KeyScope.ADMIN);
      pages.checkAccess();
      page.fill("#days", "soon");
      make(page, "agent", "run");
      assertThat(page.locator(".problem")).containsText("for how many days");
      page.fill("#days", "90");
      make(page, "agent", "run");
      assertThat(page.locator("#made")).containsText("agent");
      assertThat(page.content()).doesNotContain(key);
      make(page, "agent", "run");
      assertThat(page.locator(".problem")).containsText("agent");

      page.onDialog(Dialog::accept);
      page.getByLabel("Replace agent").click();
      assertThat(page.locator("#made")).containsText("agent");
      assertThat(store.apiKeys().listKeys())
          .extracting(ApiKeyRecord::name)
          .containsExactlyInAnyOrder(SCRIPT, "agent", "agent");
      page.getByLabel("Revoke agent").first().click();
      assertThat(page.locator(".notice")).containsText("'agent' is no longer valid");
      assertThat(store.apiKeys().listKeys()).hasSize(1);

      pages.open("/audit");
      // what is noted is written a little later
      page.waitForCondition(
          () -> {
            page.reload();
            return page.content().contains("POST /keys/agent/revoke");
          });
      assertThat(page.locator("tbody")).containsText("POST /keys/agent/revoke");
      assertThat(page.locator("tbody")).containsText(SCRIPT);
      pages.checkAccess();
      pages.complaints.removeIf(text -> text.contains("422"));
      assertThat(pages.complaints).isEmpty();
    }
  }

  @Test
  void whoMayNotChangeEverythingSeesNeither() {
    try (ServedPages pages = new ServedPages(folder)) {
      StoreAdministration store = pages.sheave.api().administration().orElseThrow();
      String key = store.apiKeys().createKey("agent", KeyScope.RUN, null).secret().reveal();
      Page page = pages.open("/").page;
      page.fill("#key", key);
      page.click("main button");
      assertThat(page.locator("nav")).not().containsText("API keys");
      assertThat(page.locator("nav")).not().containsText("Audit");
      for (String path : new String[] {"/keys", "/audit"}) {
        assertThat(page.navigate(pages.address(path)).status()).isEqualTo(403);
        assertThat(page.locator("main")).containsText("The API key 'agent' isn't good for that");
      }
    }
  }
}
