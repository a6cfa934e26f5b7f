package dev.sheave.server;

import dev.sheave.server.internal.PathPattern;
import java.util.List;
import java.util.Set;

/**
 * An operation of the protocol.
 *
 * @param method the HTTP method
 * @param pattern its path under {@code /api}
 * @param scope what a key must be good for
 * @param believesLastReader whether who used it last is believed once more, and looked up after
 *     that: so it answers while the database is away
 * @param statuses the statuses of its answers when nothing is wrong
 * @param action what it does
 */
record Route(
    String method,
    PathPattern pattern,
    Scope scope,
    boolean believesLastReader,
    Set<Integer> statuses,
    Action action) {

  /** What a route does. */
  interface Action {
    /**
     * Answers a call.
     *
     * @throws dev.sheave.SheaveException as the records' API does
     */
    Reply answer(Call call);
  }

  String path() {
    return pattern.path();
  }

  List<String> parts() {
    return pattern.parts();
  }
}
