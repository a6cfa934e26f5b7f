package dev.sheave.api.internal;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
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
  private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
  private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999999Z");

  /** The most seconds of a duration: about 3000 years. */
  public static final long MAX_SECONDS = 100_000_000_000L;

  private TimeJson() {}

  /** Whether a time is one of the years 1 to 9999 in UTC, so that it can be written and read. */
  public static boolean isReadable(Instant time) {
    return !time.isBefore(FIRST) && !time.isAfter(LAST);
  }

  /**
   * Checks a time before it is written or recorded.
   *
   * @throws SheaveException {@code INVALID} if it isn't of the years 1 to 9999 in UTC
   */
  public static Instant check(Instant time) {
    if (!isReadable(time)) {
      throw new SheaveException(
          Code.INVALID, "The time " + time + " isn't one of the years 1 to 9999.");
    }
    return time;
  }

  /** Returns a time of the years 1 to 9999 in UTC; null if the value is something else. */
  public static @Nullable Instant toTime(Object value) {
    if (!(value instanceof String text)) {
      return null;
    }
    try {
      TemporalAccessor time =
          DateTimeFormatter.ISO_DATE_TIME.parseBest(
              text.replace(' ', 'T'), OffsetDateTime::from, LocalDateTime::from);
      // a time without an offset is in UTC, as the protocol has it
      Instant exact =
          time instanceof OffsetDateTime own
              ? own.toInstant()
              : LocalDateTime.from(time).toInstant(ZoneOffset.UTC);
      return isReadable(exact) ? exact : null;
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
