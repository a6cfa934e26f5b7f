package dev.sheave.cli.command;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAccessor;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Parses start times: those of ISO 8601, and amounts of one unit, such as {@code 1 hour}. */
final class StartTimes {
  private static final Pattern AMOUNT =
      Pattern.compile("(?<number>\\d{1,9}) (?<unit>second|minute|hour|day|week)s?");

  private StartTimes() {}

  /**
   * Reads how long from now: {@code 1 hour}, {@code 30 minutes}, {@code PT1H30M}.
   *
   * @throws UsageException for anything else
   */
  static Instant in(String text, Instant now) {
    try {
      Matcher amount = AMOUNT.matcher(text);
      if (!amount.matches()) {
        Duration duration = Duration.parse(text);
        if (duration.isNegative()) {
          throw new IllegalArgumentException("in the past");
        }
        return now.plus(duration);
      }
      ChronoUnit unit =
          ChronoUnit.valueOf(amount.group("unit").toUpperCase(Locale.ROOT).concat("S"));
      return now.plus(unit.getDuration().multipliedBy(Long.parseLong(amount.group("number"))));
    } catch (DateTimeException | ArithmeticException | IllegalArgumentException e) {
      throw new UsageException(
          "--start-in can't be read from '"
              + text
              + "'; write an amount of time such as '30 seconds', '1 hour' or 'PT1H30M'.");
    }
  }

  /**
   * Reads a point in time: {@code 2030-08-01}, {@code 2030-08-01T17:30}, {@code
   * 2030-08-01T17:30:00Z}. Without a zone it is this machine's.
   *
   * @throws UsageException for anything else, and for a time that is past
   */
  static Instant at(String text, ZonedDateTime now) {
    Instant time;
    try {
      time = point(text, now);
    } catch (DateTimeException e) {
      throw new UsageException(
          "--start-at can't be read from '"
              + text
              + "'; write a time such as '2030-08-01T17:30' or '2030-08-01T17:30:00Z'.");
    }
    if (time.isBefore(now.toInstant().minusSeconds(60))) {
      throw new UsageException(
          "--start-at is in the past: '" + text + "' was " + Times.local(time) + ".");
    }
    return time;
  }

  private static Instant point(String text, ZonedDateTime now) {
    if (text.indexOf('T') < 0) {
      return LocalDate.parse(text).atStartOfDay(now.getZone()).toInstant();
    }
    TemporalAccessor time =
        DateTimeFormatter.ISO_DATE_TIME.parseBest(text, ZonedDateTime::from, LocalDateTime::from);
    return time instanceof ZonedDateTime zoned
        ? zoned.toInstant()
        : ((LocalDateTime) time).atZone(now.getZone()).toInstant();
  }
}
