package dev.sheave.server.internal.pages;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An answer to a browser.
 *
 * @param status the HTTP status
 * @param contentType the type of the body
 * @param body the body; empty if it is written piece by piece
 * @param writer writes the body piece by piece; null for others
 * @param headers further headers
 * @param notice a sentence that the next page shows, if any
 * @param key the key that the browser keeps from now on; empty for none any more, null for no
 *     change
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record PageReply(
    int status,
    String contentType,
    byte[] body,
    @Nullable Writer writer,
    Map<String, String> headers,
    @Nullable String notice,
    @Nullable String key) {
  private static final String HTML = "text/html; charset=utf-8";

  PageReply(int status, String contentType, byte[] body, Map<String, String> headers) {
    this(status, contentType, body, null, headers, null, null);
  }

  /** Writes a body that may be large. */
  interface Writer {
    void writeTo(OutputStream out) throws IOException;
  }

  static PageReply html(int status, String html) {
    return new PageReply(status, HTML, html.getBytes(StandardCharsets.UTF_8), Map.of());
  }

  static PageReply text(int status, String sentence) {
    return new PageReply(
        status, "text/plain; charset=utf-8", sentence.getBytes(StandardCharsets.UTF_8), Map.of());
  }

  /** The answer to a form that did what it should: the browser asks for another page. */
  static PageReply redirect(String path) {
    return new PageReply(303, HTML, new byte[0], Map.of("Location", path));
  }

  /** A file of text, which a browser saves. */
  static PageReply download(String name, Writer writer) {
    return new PageReply(
        200,
        "text/plain; charset=utf-8",
        new byte[0],
        writer,
        Map.of("Content-Disposition", "attachment; filename=\"" + name + "\""),
        null,
        null);
  }

  PageReply withNotice(String sentence) {
    return new PageReply(status, contentType, body, writer, headers, sentence, key);
  }

  PageReply withHeader(String name, String value) {
    Map<String, String> more = new HashMap<>(headers);
    more.put(name, value);
    return new PageReply(status, contentType, body, writer, more, notice, key);
  }

  PageReply withKey(String value) {
    return new PageReply(status, contentType, body, writer, headers, notice, value);
  }

  boolean isPage() {
    return contentType.equals(HTML) && status != 303;
  }
}
