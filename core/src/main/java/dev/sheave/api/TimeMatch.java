package dev.sheave.api;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which times match. What is null is no condition. Immutable.
 *
 * @param before then or earlier
 * @param after then or later
 * @param isNull whether there is no time
 */
public record TimeMatch(
    @Nullable Instant before, @Nullable Instant after, @Nullable Boolean isNull) {
  /** All times. */
  public static final TimeMatch ANY = new TimeMatch(null, null, null);

  /** A time or earlier. */
  public static TimeMatch before(Instant time) {
    return new TimeMatch(time, null, null);
  }

  /** A time or later. */
  public static TimeMatch after(Instant time) {
    return new TimeMatch(null, time, null);
  }

  /** From a time to another, both included. */
  public static TimeMatch between(Instant from, Instant to) {
    return new TimeMatch(to, from, null);
  }

  /** No time, or any time. */
  public static TimeMatch isNull(boolean isNull) {
    return new TimeMatch(null, null, isNull);
  }
}
