package dev.sheave.infrastructure;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletionStage;

/** The thing that executes a flow run. Safe for use by several threads. */
public interface RunningInfrastructure {

  /** What names it, to this program and to others: {@code host:1234} for a process. */
  String pid();

  /**
   * Completes when it has ended, with its exit code; empty if nobody can know it, as after another
   * program started it. Its output has been handed on by then.
   */
  CompletionStage<OptionalInt> exit();

  /**
   * Ends it, with all that it has started: asks first, and uses force when the time is over.
   * Returns when it has ended.
   *
   * @param grace how long to wait between asking and force
   * @throws dev.sheave.SheaveException {@code CONFLICT} if a part of it can't be ended
   */
  void kill(Duration grace);

  /** What may go on after {@link #kill}, as a sentence for people; empty if nothing can. */
  default Optional<String> killLimits() {
    return Optional.empty();
  }
}
