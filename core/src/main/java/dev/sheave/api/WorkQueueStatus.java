package dev.sheave.api;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a work queue is served.
 *
 * @param isHealthy whether no run is late, and an agent asked within {@link #MAX_POLL_AGE}
 * @param lateRuns how many runs are late by more than {@link #LATE_AFTER}
 * @param lastPolled when an agent last asked
 */
public record WorkQueueStatus(boolean isHealthy, int lateRuns, @Nullable Instant lastPolled) {
  /** How long after its time a waiting run is late. */
  public static final Duration LATE_AFTER = Duration.ofSeconds(5);

  /** How long ago an agent may have asked. */
  public static final Duration MAX_POLL_AGE = Duration.ofSeconds(60);
}
