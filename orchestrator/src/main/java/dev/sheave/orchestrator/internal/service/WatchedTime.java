package dev.sheave.orchestrator.internal.service;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * For how long the store was there, so that it could have heard of runs, and its clock wasn't set
 * forward. Not safe for use by several threads.
 */
final class WatchedTime {
  /** How far apart steps are at most if nothing is wrong. */
  static final Duration LONGEST_GAP = Duration.ofSeconds(60);

  private long since;
  private long lastStep;
  private @Nullable Instant lastTime;

  /**
   * Notes a step, and returns for how long it was watched.
   *
   * @param step when it is, by {@link System#nanoTime}
   * @param time when it is by the store's clock
   */
  Duration add(long step, Instant time) {
    if (lastTime == null
        || step - lastStep > LONGEST_GAP.toNanos()
        || Duration.between(lastTime, time).compareTo(LONGEST_GAP) > 0) {
      since = step;
    }
    lastStep = step;
    lastTime = time;
    return Duration.ofNanos(step - since);
  }
}
