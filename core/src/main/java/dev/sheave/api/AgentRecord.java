package dev.sheave.api;

import java.time.Duration;
import java.time.Instant;

/**
 * An agent that has called.
 *
 * @param profile who it is
 * @param room how many more runs it could take when it last called
 * @param runs how many runs are its own
 * @param started when it first called
 * @param lastHeard when it last called
 * @param isAlive whether that was within {@link #MAX_AGE}
 */
public record AgentRecord(
    AgentProfile profile, int room, int runs, Instant started, Instant lastHeard, boolean isAlive) {
  /** How long ago an agent that lives may have called. */
  public static final Duration MAX_AGE = Duration.ofSeconds(60);
}
