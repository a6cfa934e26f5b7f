package dev.sheave.infrastructure;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletionStage;

/** The running infrastructure of a flow run, such as a process. Safe for use by several threads. */
public interface RunningInfrastructure {

  /** The identifier, for this program and others: {@code host:1234} for a process. */
  String pid();

  /**
   * Completes when it has ended, with its exit code; empty if the code can't be known, as when
   * another program started it. All output has been delivered by then.
   */
  CompletionStage<OptionalInt> exit();

  /**
   * Ends it, with all that it has started: asks it to end, and kills it after the grace period.
   * Returns when it has ended.
   *
   * @param grace how long to wait before killing it
   * @throws dev.sheave.SheaveException {@code CONFLICT} if a part of it can't be ended
   */
  void kill(Duration grace);

  /** What may go on after {@link #kill}, as a sentence for people; empty if nothing can. */
  default Optional<String> killLimits() {
    return Optional.empty();
  }
}
