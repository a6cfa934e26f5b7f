package dev.sheave.server.internal.pages;

import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import dev.sheave.Sheave;
import dev.sheave.server.SheaveServer;
import dev.sheave.testkit.Chromium;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A server over a store, and a browser that shows its pages. */
final class ServedPages implements AutoCloseable {
  /** A page waits this long for what it shows in the end, on a busy machine. */
  private static final int TIMEOUT_MILLIS = 30_000;

  final Sheave sheave;
  final SheaveServer server;
  final BrowserContext context;
  final Page page;

  /** What went wrong in the browser: scripts that failed or were refused, missing files. */
  final List<String> complaints = new ArrayList<>();

  ServedPages(Path folder) {
    this(folder, "", new Browser.NewContextOptions());
  }

  ServedPages(Path folder, String base, Browser.NewContextOptions options) {
    this(
        Sheave.builder(Map.of())
            .url("jdbc:sqlite:" + folder.resolve("sheave.db"))
            .home(folder)
            .connect(),
        base,
        options);
  }

  /** Serves records, which are closed with this. */
  ServedPages(Sheave records, String base, Browser.NewContextOptions options) {
    Browser browser = Chromium.browser();
    sheave = records;
    server = SheaveServer.builder(sheave).port(0).basePath(base).start();
    context =
        browser.newContext(
            options
                .setTimezoneId("Europe/Berlin")
                .setLocale("en-GB")
                .setReducedMotion(ReducedMotion.REDUCE));
    context.setDefaultTimeout(TIMEOUT_MILLIS);
    PlaywrightAssertions.setDefaultAssertionTimeout(TIMEOUT_MILLIS);
    page = context.newPage();
    page.onPageError(complaints::add);
    page.onConsoleMessage(
        message -> {
          if (message.type().equals("error")) {
            complaints.add(message.text());
          }
        });
  }

  /** Shows the page at a path. */
  ServedPages open(String path) {
    page.navigate(address(path));
    return this;
  }

  String address(String path) {
    return server.pagesUrl().orElseThrow().replaceFirst("/$", "") + path;
  }

  /** Finds nothing that keeps people from using the page, light or dark; no rule is off. */
  void checkAccess() {
    checkAccess("");
  }

  /** As {@link #checkAccess()}; takes pictures under a name, if they are wanted. */
  void checkAccess(String picture) {
    for (ColorScheme colours : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
      page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(colours));
      List<String> found =
          new AxeBuilder(page)
              .analyze().getViolations().stream()
                  .map(rule -> rule.getId() + ": " + rule.getHelp() + " " + rule.getNodes())
                  .toList();
      assertThat(found).as(page.url() + " " + colours).isEmpty();
      if (!picture.isEmpty()) {
        Looks.ifWanted(page, picture + (colours == ColorScheme.DARK ? "-dark" : ""));
      }
    }
    page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme((@Nullable ColorScheme) null));
  }

  @Override
  public void close() {
    context.close();
    server.close();
    sheave.close();
  }
}
