package dev.sheave.infrastructure;

import java.time.Instant;
import java.util.UUID;

/**
 * What stands of a flow run on its infrastructure, whoever has started it: something that runs, or
 * that has ended and wasn't removed. Safe for use by several threads.
 */
public interface StandingRun {

  /** The run. */
  UUID flowRunId();

  /** The attempt at the run that it was started for. */
  int attempt();

  /** The identifier, as of {@link RunningInfrastructure#pid()}. */
  String pid();

  /** When it was made. */
  Instant created();

  /** Whether it was running when it was listed. */
  boolean isRunning();

  /**
   * Ends it by force if it runs, with all that it has started, and removes all that is kept of it.
   * Does nothing if that is done already.
   *
   * @throws dev.sheave.SheaveException {@code UNAVAILABLE} if the infrastructure doesn't respond;
   *     {@code CONFLICT} if a part of it can't be ended
   */
  void remove();
}
