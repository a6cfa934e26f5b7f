package dev.sheave.testkit;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType.LaunchOptions;
import com.microsoft.playwright.Playwright;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/**
 * The machine's browser, one for all tests of a process; it ends with the process. Who uses it has
 * Playwright among its own dependencies. Safe for use by several threads; what it returns is for
 * one thread.
 */
public final class Chromium {
  private static final Path PROGRAM = Path.of("/usr/bin/chromium");
  private static @Nullable Browser browser;

  private Chromium() {}

  /**
   * Starts the browser. Without one the test is skipped; it fails where {@code CI} is {@code true}.
   */
  public static synchronized Browser browser() {
    if (!Files.isExecutable(PROGRAM)) {
      String sentence = "This test needs " + PROGRAM + "; install Debian's chromium.";
      if ("true".equals(System.getenv("CI"))) {
        Assertions.fail(sentence);
      }
      Assumptions.abort(sentence);
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
