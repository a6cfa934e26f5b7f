package dev.sheave.server;

import java.util.List;
import java.util.Set;

/**
 * An operation of the protocol.
 *
 * @param method the HTTP method
 * @param path its path under {@code /api}; a part in braces stands for any text
 * @param scope what a key must be good for
 * @param statuses the statuses of its answers when nothing is wrong
 * @param action what it does
 */
record Route(String method, String path, Scope scope, Set<Integer> statuses, Action action) {

  /** What a route does. */
  interface Action {
    /**
     * Answers a call.
     *
     * @throws dev.sheave.SheaveException as the records' API does
     */
    Reply answer(Call call);
  }

  /** The parts of the path between slashes; the last one is empty after a slash at the end. */
  List<String> parts() {
    return List.of(path.substring(1).split("/", -1));
  }

  static boolean isVariable(String part) {
    return part.startsWith("{");
  }
}
