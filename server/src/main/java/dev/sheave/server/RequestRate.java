package dev.sheave.server;

import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Limits how many requests are made with a key in a second. Safe for use by several threads. */
final class RequestRate {
  /** Beyond so many keys, those that aren't in use are forgotten. */
  private static final int MAX_KEYS = 10_000;

  private final int limit;
  private final Map<UUID, Window> windows = new ConcurrentHashMap<>();

  /** How many requests were made in a second. */
  private record Window(long second, int requests) {}

  /**
   * A limit.
   *
   * @param limit how many requests a second
   */
  RequestRate(int limit) {
    this.limit = limit;
  }

  /**
   * Counts a request.
   *
   * @throws RequestException if it is one too many
   */
  void check(Caller caller) {
    UUID key = caller.key();
    if (key == null) {
      return;
    }
    long now = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime());
    if (windows.size() > MAX_KEYS) {
      windows.values().removeIf(window -> window.second < now);
    }
    Window window =
        windows.merge(
            key,
            new Window(now, 1),
            (old, one) -> old.second == now ? new Window(now, old.requests + 1) : one);
    if (window.requests > limit) {
      throw new RequestException(
          Reply.error(
                  429,
                  "The API key '"
                      + caller.name()
                      + "' may make "
                      + limit
                      + " requests a second; wait a second.")
              .withHeaders(Map.of("Retry-After", "1")));
    }
  }
}
