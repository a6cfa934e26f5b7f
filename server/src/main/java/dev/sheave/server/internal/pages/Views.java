package dev.sheave.server.internal.pages;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import java.util.HashMap;
import java.util.Map;

/** Makes pages of templates, which the build compiled. Safe for use by several threads. */
final class Views {
  private final TemplateEngine engine =
      TemplateEngine.createPrecompiled(
          null, ContentType.Html, Views.class.getClassLoader(), Views.class.getPackageName());

  /** Returns a page: the template has the parameters {@code frame} and {@code page}. */
  PageReply page(PageCall call, String title, String section, String template, Object page) {
    return page(call, 200, title, section, template, page);
  }

  PageReply page(
      PageCall call, int status, String title, String section, String template, Object page) {
    Map<String, Object> values = new HashMap<>();
    values.put("frame", new Frame(call, title, section));
    values.put("page", page);
    StringOutput output = new StringOutput(16 << 10);
    engine.render(template + ".jte", values, output);
    return PageReply.html(status, output.toString());
  }

  PageReply error(PageCall call, int status, String title, String sentence) {
    return page(call, status, title, "", "error", new Failure(status, title, sentence));
  }

  /** The answer to a form that doesn't repeat the browser's token. */
  PageReply outOfDate(PageCall call) {
    return error(
        call,
        403,
        "Not sent",
        "The form is out of date, or another site sent it. Go back, load the page again, and send"
            + " it once more.");
  }

  /** What an error's page says. */
  record Failure(int status, String title, String sentence) {}
}
