package dev.sheave.server.internal.pages;

import com.microsoft.playwright.Page;
import java.nio.file.Path;

/** Pictures of pages, for people to look at: in {@code target/looks}. */
final class Looks {
  private Looks() {}

  static void at(Page page, String name) {
    page.screenshot(new Page.ScreenshotOptions().setPath(Path.of("target/looks/" + name + ".png")));
  }

  /** Takes a picture of a whole page if the system property {@code sheave.pictures} is set. */
  static void ifWanted(Page page, String name) {
    if (Boolean.getBoolean("sheave.pictures")) {
      page.screenshot(
          new Page.ScreenshotOptions()
              .setFullPage(true)
              .setPath(Path.of("target/looks/" + name + ".png")));
    }
  }
}
