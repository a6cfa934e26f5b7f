package dev.sheave.server.internal.pages;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.Response;
import dev.sheave.block.SaveMode;
import dev.sheave.storage.LocalFileSystem;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HomePagesTest {
  @TempDir Path folder;

  @Test
  void anEmptyServerSaysWhatToDoFirst() {
    try (ServedPages pages = new ServedPages(folder).open("/")) {
      assertThat(pages.page.locator("main")).containsText("Begin here");
      assertThat(pages.page.locator("#step-build")).containsText("sheave deployment build");
      pages.checkAccess();
      assertThat(pages.complaints).isEmpty();
    }
  }

  @Test
  void theStepsGoOnFromWhatIsThere() {
    try (ServedPages pages = new ServedPages(folder)) {
      Page page = pages.open("/").page;
      assertThat(page.locator("#step-connect"))
          .hasText("sheave config set SHEAVE_API_URL=" + pages.server.url());
      assertThat(page.locator(".steps [aria-current] h3")).hasText("Say where the code is kept");
      pages
          .sheave
          .blocks()
          .save(LocalFileSystem.builder().basepath("/srv").build(), "code", SaveMode.CREATE);
      pages.open("/");
      assertThat(page.locator(".steps [aria-current] h3")).hasText("Build and apply a deployment");
      assertThat(page.locator("#step-build")).containsText("-sb local-file-system/code ");
      RunPagesTest.deployment(pages, "nightly");
      pages.open("/");
      assertThat(page.locator(".steps [aria-current] h3")).hasText("Run it, with an agent");
      assertThat(page.locator("#step-run")).hasText("sheave deployment run 'log-flow/nightly'");
      assertThat(page.locator("#step-agent")).hasText("sheave agent start -q test");
      pages.checkAccess("home-steps");
      assertThat(pages.complaints).isEmpty();
    }
  }

  @Test
  void theColoursAreThoseOfTheReader() {
    try (ServedPages pages = new ServedPages(folder).open("/settings")) {
      pages.page.click("#theme");
      pages.page.click("#theme");
      pages.open("/settings");
      assertThat(pages.page.locator("html")).hasAttribute("data-theme", "dark");
      assertThat(pages.page.locator("body")).hasCSS("background-color", "rgb(16, 20, 27)");
      assertThat(pages.page.locator("main")).containsText("jdbc:sqlite:");
    }
  }

  @Test
  void anAddressWithoutAPageSaysSo() {
    try (ServedPages pages = new ServedPages(folder)) {
      Response answer = pages.page.navigate(pages.address("/no/such/page"));
      assertThat(answer.status()).isEqualTo(404);
      assertThat(pages.page.locator("main")).containsText("There is no page at this address");
    }
  }

  @Test
  void scriptsAndStylesAreThoseOfThisServerAlone() {
    try (ServedPages pages = new ServedPages(folder)) {
      Response answer = pages.page.navigate(pages.address("/"));
      assertThat(answer.headerValue("content-security-policy"))
          .startsWith("default-src 'self'")
          .doesNotContain("unsafe");
      pages.page.evaluate(
          "document.body.insertAdjacentHTML('beforeend', '<p style=\"color:red\">')");
      assertThat(String.join(" ", pages.complaints)).contains("Content Security Policy");
    }
  }
}
