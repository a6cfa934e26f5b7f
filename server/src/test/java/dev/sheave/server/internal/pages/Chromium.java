package dev.sheave.server.internal.pages;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType.LaunchOptions;
import com.microsoft.playwright.Playwright;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The machine's browser, one for all tests. */
final class Chromium {
  private static final Path PROGRAM = Path.of("/usr/bin/chromium");
  private static @Nullable Browser browser;

  private Chromium() {}

  /** Starts the browser; without one the test is skipped, or fails where all must be tested. */
  static synchronized Browser browser() {
    if (!Files.isExecutable(PROGRAM)) {
      if ("true".equals(System.getenv("CI"))) {
        throw new AssertionError("There is no " + PROGRAM + "; install Debian's chromium.");
      }
      assumeTrue(false, "The pages are not tested: there is no " + PROGRAM + ".");
    }
    Browser started = browser;
    if (started == null) {
      Playwright playwright =
          Playwright.create(
              new Playwright.CreateOptions()
                  .setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
      started =
          playwright
              .chromium()
              .launch(
                  new LaunchOptions()
                      .setExecutablePath(PROGRAM)
                      .setHeadless(true)
                      .setArgs(
                          List.of(
                              "--no-sandbox",
                              "--disable-gpu",
                              "--disable-quic",
                              "--no-first-run",
                              "--disable-background-networking",
                              "--disable-component-update",
                              "--disable-sync")));
      browser = started;
      Runtime.getRuntime().addShutdownHook(new Thread(playwright::close));
    }
    return started;
  }
}
