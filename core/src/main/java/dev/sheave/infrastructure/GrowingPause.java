package dev.sheave.infrastructure;

import dev.sheave.internal.Arguments;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The pauses between attempts at something that is tried again for as long as it takes: each is
 * twice as long as the one before, up to a longest one. Not safe for use by several threads.
 */
public final class GrowingPause {
  private final Duration first;
  private final Duration longest;
  private Duration next;

  /**
   * Begins with a first pause.
   *
   * @param longest no pause is longer
   */
  public GrowingPause(Duration first, Duration longest) {
    this.first = Arguments.notNull(first, "first");
    this.longest = Arguments.notNull(longest, "longest");
    this.next = first;
  }

  /** Returns the next pause, for who waits otherwise than by {@link #sleep}. */
  public Duration next() {
    Duration now = next;
    Duration doubled = now.multipliedBy(2);
    next = doubled.compareTo(longest) < 0 ? doubled : longest;
    return now;
  }

  /**
   * Waits for the next pause.
   *
   * @return false if the thread is interrupted, which stays so
   */
  public boolean sleep() {
    try {
      TimeUnit.NANOSECONDS.sleep(next().toNanos());
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Begins anew with the first pause, after a success. */
  public void reset() {
    next = first;
  }
}
