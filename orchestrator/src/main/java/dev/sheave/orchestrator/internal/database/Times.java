package dev.sheave.orchestrator.internal.database;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Times as the records have them: whole microseconds, like the protocol's. */
public final class Times {

  private Times() {}

  /** Returns the time. */
  public static Instant now() {
    return exact(Instant.now());
  }

  /** Returns a time as exactly as it is recorded. */
  public static Instant exact(Instant time) {
    return time.truncatedTo(ChronoUnit.MICROS);
  }

  /** Returns the time, or the first moment after another one if that isn't over yet. */
  public static Instant nowAfter(Instant previous) {
    Instant now = now();
    return now.isAfter(previous) ? now : previous.plus(1, ChronoUnit.MICROS);
  }

  /** Returns a duration as the records have it. */
  public static long toMicros(Duration duration) {
    return duration.toNanos() / 1000;
  }

  static long toMicros(Instant time) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, time);
  }

  static Instant ofMicros(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }
}
