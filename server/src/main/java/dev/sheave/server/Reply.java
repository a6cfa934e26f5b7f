package dev.sheave.server;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An answer.
 *
 * @param status the HTTP status
 * @param body a JSON value, or the bytes of what the header {@code Content-Type} says; without
 *     meaning for {@link #NO_CONTENT}
 * @param headers further headers
 */
record Reply(int status, @Nullable Object body, Map<String, String> headers) {
  static final int OK = 200;
  static final int CREATED = 201;
  static final int NO_CONTENT = 204;

  /** The answer to a change of which nothing is told. */
  static final Reply NOTHING = new Reply(NO_CONTENT, null);

  Reply(int status, @Nullable Object body) {
    this(status, body, Map.of());
  }

  static Reply ok(@Nullable Object body) {
    return new Reply(OK, body);
  }

  static Reply created(@Nullable Object body) {
    return new Reply(CREATED, body);
  }

  /** The answer to what creates a record unless it exists. */
  static Reply found(boolean isNew, @Nullable Object body) {
    return new Reply(isNew ? CREATED : OK, body);
  }

  /** This answer, with further headers. */
  Reply withHeaders(Map<String, String> more) {
    Map<String, String> all = new HashMap<>(headers);
    all.putAll(more);
    return new Reply(status, body, all);
  }

  /** A reason in one sentence, or none. */
  static Reply reason(Optional<String> sentence) {
    Map<String, @Nullable Object> body = new HashMap<>();
    body.put("reason", sentence.orElse(null));
    return ok(body);
  }

  /** An error that is told in one sentence. */
  static Reply error(int status, String sentence) {
    return new Reply(status, Map.of("detail", sentence));
  }

  /** An error of a request's values. */
  static Reply invalid(String sentence, Collection<Map<String, Object>> details) {
    return new Reply(422, Map.of("exception_message", sentence, "detail", details));
  }
}
