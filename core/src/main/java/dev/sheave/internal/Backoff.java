package dev.sheave.internal;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * The pauses between attempts at something that may succeed later, and can't tell when: each is
 * twice as long as the one before, up to a longest one, until a time limit. Not safe for use by
 * several threads.
 */
public final class Backoff {
  private final long maxPause;
  private final long deadline;
  private final boolean isVaried;
  private long pause;

  /**
   * Starts the time.
   *
   * @param first the first pause
   * @param longest the longest pause
   * @param atMost for how long it is tried again; zero or negative for one attempt alone
   */
  public Backoff(Duration first, Duration longest, Duration atMost) {
    this(first, longest, atMost, false);
  }

  private Backoff(Duration first, Duration longest, Duration atMost, boolean isVaried) {
    this.isVaried = isVaried;
    this.pause = first.toNanos();
    this.maxPause = longest.toNanos();
    this.deadline = System.nanoTime() + atMost.toNanos();
  }

  /**
   * Starts the time of one of several that came in each other's way: each pause is of a random
   * length, up to that of the usual one, so that they don't meet again.
   */
  public static Backoff varied(Duration first, Duration longest, Duration atMost) {
    return new Backoff(first, longest, atMost, true);
  }

  /**
   * Waits until the next attempt is due; the last one is at the end of the time.
   *
   * @param what is done meanwhile, to begin a sentence
   * @return false, at once, if the time is over
   * @throws SheaveException {@code INTERRUPTED} if the thread is interrupted, which stays so
   */
  public boolean pause(String what) {
    long left = deadline - System.nanoTime();
    if (left <= 0) {
      return false;
    }
    long next = isVaried ? ThreadLocalRandom.current().nextLong(pause) : pause;
    sleep(Duration.ofNanos(Math.min(next, left)), what);
    pause = Math.min(2 * pause, maxPause);
    return true;
  }

  /**
   * Waits.
   *
   * @param what is done meanwhile, to begin a sentence
   * @throws SheaveException {@code INTERRUPTED} if the thread is interrupted, which stays so
   */
  public static void sleep(Duration time, String what) {
    try {
      TimeUnit.NANOSECONDS.sleep(time.toNanos());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SheaveException(Code.INTERRUPTED, what + " was interrupted.", e);
    }
  }
}
