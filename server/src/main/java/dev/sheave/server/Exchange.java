package dev.sheave.server;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a route takes and answers.
 *
 * @param takes the body; null for none
 * @param gives the answer when nothing is wrong; null for none
 * @param query what may be asked in the query; the name of what must be asked ends with an
 *     exclamation mark
 */
record Exchange(@Nullable Schema takes, @Nullable Schema gives, Map<String, Schema> query) {
  static Exchange of(@Nullable Schema takes, @Nullable Schema gives) {
    return new Exchange(takes, gives, Map.of());
  }

  static Exchange gives(Schema answer) {
    return of(null, answer);
  }

  static Exchange takes(Schema body) {
    return of(body, null);
  }

  /** Neither takes nor gives anything. */
  static Exchange nothing() {
    return of(null, null);
  }

  Exchange asking(String name, Schema value) {
    return new Exchange(takes, gives, Map.of(name, value));
  }
}
