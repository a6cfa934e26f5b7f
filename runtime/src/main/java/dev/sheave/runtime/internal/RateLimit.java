package dev.sheave.runtime.internal;

/** A rate limit with a burst size and a long-term rate per second. Guarded by its user. */
final class RateLimit {
  private final double burst;
  private final double perNanosecond;
  private double available;
  private long lastRefill = System.nanoTime();

  RateLimit(int burst, int perSecond) {
    this.burst = burst;
    this.perNanosecond = perSecond / 1e9;
    this.available = burst;
  }

  /** Takes an amount if it is available. */
  boolean tryTake(int amount) {
    if (!has(amount)) {
      return false;
    }
    available -= amount;
    return true;
  }

  /** Returns whether an amount is available. */
  boolean has(int amount) {
    if (available < amount) {
      long now = System.nanoTime();
      available = Math.min(burst, available + (now - lastRefill) * perNanosecond);
      lastRefill = now;
    }
    return available >= amount;
  }
}
