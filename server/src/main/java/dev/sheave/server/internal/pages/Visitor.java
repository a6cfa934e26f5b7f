package dev.sheave.server.internal.pages;

import org.jspecify.annotations.Nullable;

/**
 * Who asks for a page.
 *
 * @param name the name of the key; empty without one
 * @param mayRead whether pages may be seen
 * @param mayRun whether runs may be started and cancelled
 * @param mayChange whether everything may be changed
 * @param refusal why nothing may be seen, in a sentence; null if there is no reason but that no key
 *     was given
 */
public record Visitor(
    String name, boolean mayRead, boolean mayRun, boolean mayChange, @Nullable String refusal) {

  /** Whether it is somebody with a key. */
  boolean isSignedIn() {
    return !name.isEmpty();
  }

  boolean may(PageRoutes.Need need) {
    return switch (need) {
      case READ -> mayRead;
      case RUN -> mayRun;
      case CHANGE -> mayChange;
    };
  }
}
