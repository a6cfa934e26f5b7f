package dev.sheave.runtime.internal;

/** Lets through so many at once, and so many a second in the long run. Guarded by its user. */
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

  boolean tryTake() {
    if (available < 1) {
      long now = System.nanoTime();
      available = Math.min(burst, available + (now - lastRefill) * perNanosecond);
      lastRefill = now;
    }
    if (available < 1) {
      return false;
    }
    available--;
    return true;
  }
}
