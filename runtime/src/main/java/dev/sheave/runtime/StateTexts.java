package dev.sheave.runtime;

import dev.sheave.api.State;

/** States in words. */
final class StateTexts {
  private StateTexts() {}

  /**
   * Describes a state as the reference does: {@code Failed('why')}, {@code TimedOut('why',
   * type=FAILED)}.
   */
  static String describe(State state) {
    String message = state.message() == null ? "" : "'" + state.message() + "'";
    String type =
        state.name().equals(state.type().displayName())
            ? ""
            : (message.isEmpty() ? "" : ", ") + "type=" + state.type();
    return state.name() + "(" + message + type + ")";
  }
}
