package dev.sheave.api.internal;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAccessor;
import org.jspecify.annotations.Nullable;

/** Reads times and durations. Both are bounded, so that sums and differences of them exist. */
public final class TimeJson {
  private static final int MAX_YEAR = 9999;

  /** About 3000 years. */
  private static final double MAX_SECONDS = 1e11;

  private TimeJson() {}

  /** Returns a time of the years 1 to 9999; null if the value is something else. */
  public static @Nullable Instant toTime(Object value) {
    if (!(value instanceof String text)) {
      return null;
    }
    try {
      TemporalAccessor time =
          DateTimeFormatter.ISO_DATE_TIME.parseBest(
              text.replace(' ', 'T'), OffsetDateTime::from, LocalDateTime::from);
      // a time without an offset is in UTC, as the protocol has it
      OffsetDateTime exact =
          time instanceof OffsetDateTime own
              ? own
              : LocalDateTime.from(time).atOffset(ZoneOffset.UTC);
      return exact.getYear() < 1 || exact.getYear() > MAX_YEAR ? null : exact.toInstant();
    } catch (DateTimeException e) {
      return null;
    }
  }

  /** Returns a number of seconds, of at most 3000 years, as a duration; null if it isn't one. */
  public static @Nullable Duration toDuration(Object value) {
    if (!(value instanceof Number number) || !(Math.abs(number.doubleValue()) <= MAX_SECONDS)) {
      return null;
    }
    // to the microsecond, which is what a double has left of long times
    return Duration.of(Math.round(number.doubleValue() * 1e6), ChronoUnit.MICROS);
  }
}
