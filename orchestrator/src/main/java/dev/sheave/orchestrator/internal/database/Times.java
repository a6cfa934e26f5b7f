package dev.sheave.orchestrator.internal.database;

import dev.sheave.api.internal.TimeJson;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Times as the records have them: whole microseconds, like the protocol's. */
public final class Times {

  private Times() {}

  /** Returns a time as exactly as it is recorded. */
  public static Instant exact(Instant time) {
    return time.truncatedTo(ChronoUnit.MICROS);
  }

  /** Returns a time, or the first moment after another one if that isn't over by then. */
  public static Instant after(Instant time, Instant previous) {
    return time.isAfter(previous) ? time : previous.plus(1, ChronoUnit.MICROS);
  }

  /** Returns a duration as the records have it. */
  public static long toMicros(Duration duration) {
    return duration.getSeconds() * 1_000_000 + duration.getNano() / 1000;
  }

  static long toMicros(Instant time) {
    TimeJson.check(time);
    // ChronoUnit counts nanoseconds first, of which there are too many from the year 2262
    return time.getEpochSecond() * 1_000_000 + time.getNano() / 1000;
  }

  static Instant ofMicros(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }
}
