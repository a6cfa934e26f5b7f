package dev.sheave.cli.command;

import dev.sheave.api.State;
import dev.sheave.cli.terminal.Terminal;
import dev.sheave.cli.terminal.Terminal.Colour;
import dev.sheave.internal.Json;

/** What flows returned, for people. */
final class Results {

  private Results() {}

  /** Prints the result that a completed run's state has, as JSON; nothing if there is none. */
  static void print(State state, Terminal terminal) {
    state.result().ifPresent(result -> terminal.say("Result: " + Json.write(result)));
    state.resultExcerpt().ifPresent(excerpt -> terminal.say("Result: " + excerpt + "…"));
    boolean isMissing = state.result().isEmpty() && state.message() != null;
    if (isMissing) {
      terminal.complain(terminal.in(Colour.WARNING, "Warning: " + state.message()));
    }
  }
}
