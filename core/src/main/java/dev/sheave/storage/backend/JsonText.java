package dev.sheave.storage.backend;

import dev.sheave.SheaveException;
import dev.sheave.internal.Json;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The JSON of a server's API. An object is a {@link Map} in the order of the text, an array a
 * {@link java.util.List}, a number a {@link Number}.
 */
public final class JsonText {
  private JsonText() {}

  /**
   * Parses a JSON object; its nesting and the length of its numbers are bounded.
   *
   * @param what names the text in messages: {@code the response of the server}
   * @throws SheaveException {@code INVALID}
   */
  public static Map<String, @Nullable Object> parseObject(String text, String what) {
    return Json.parseObject(text, what);
  }

  /** Writes a JSON value on one line. */
  public static String write(@Nullable Object value) {
    return Json.write(value);
  }
}
