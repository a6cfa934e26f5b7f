package dev.sheave.cli.command;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Parses start times as people write them. */
final class StartTimes {
  private static final Pattern AMOUNT =
      Pattern.compile(
          "(?<number>\\d{1,9}|an?)\\s*"
              + "(?<unit>seconds?|secs?|s|minutes?|mins?|m|hours?|hrs?|h|days?|d|weeks?|w)"
              + "(?![a-z])(?:\\s*,)?(?:\\s+and\\s+)?\\s*");

  private static final Pattern POINT =
      Pattern.compile(
          "(?:(?<day>today|tomorrow|\\d{4}-\\d{1,2}-\\d{1,2}))?"
              + "(?:(?:^|\\s+(?:at\\s+)?|t)(?<hour>\\d{1,2})(?::(?<minute>\\d{2})(?::(?<second>\\d{2}))?)?"
              + "\\s*(?<half>am|pm)?)?"
              + "\\s*(?<zone>z|[+-]\\d{2}:?\\d{2}|[a-z]{3,4}|[a-z_]+/[a-z_/]+)?");

  private StartTimes() {}

  /**
   * Reads how long from now: {@code 90 seconds}, {@code in 1 hour and 30 minutes}, {@code 1h30m},
   * {@code PT5M}.
   *
   * @throws UsageException for anything else
   */
  static Instant in(String text, Instant now) {
    String words = text.strip().toLowerCase(Locale.ROOT);
    if (words.startsWith("in ")) {
      words = words.substring(3).strip();
    }
    try {
      return now.plus(words.startsWith("p") ? Duration.parse(words) : amounts(words));
    } catch (DateTimeException | ArithmeticException | IllegalArgumentException e) {
      throw new UsageException(
          "--start-in can't be read from '"
              + text
              + "'; write an amount of time such as '30 seconds', '1h30m' or '2 days'.");
    }
  }

  private static Duration amounts(String words) {
    Matcher matcher = AMOUNT.matcher(words);
    Duration sum = Duration.ZERO;
    int end = 0;
    while (end < words.length()) {
      if (!matcher.find(end) || matcher.start() != end) {
        throw new IllegalArgumentException(words);
      }
      String number = matcher.group("number");
      long count = number.startsWith("a") ? 1 : Long.parseLong(number);
      sum =
          sum.plus(
              switch (matcher.group("unit").charAt(0)) {
                case 's' -> Duration.ofSeconds(count);
                case 'm' -> Duration.ofMinutes(count);
                case 'h' -> Duration.ofHours(count);
                case 'd' -> Duration.ofDays(count);
                default -> Duration.ofDays(Math.multiplyExact(count, 7));
              });
      end = matcher.end();
    }
    if (end == 0) {
      throw new IllegalArgumentException("nothing");
    }
    return sum;
  }

  /**
   * Reads a point in time: {@code 5:30pm}, {@code tomorrow 17:30}, {@code 2030-08-01 17:30:00},
   * {@code 2030-08-01T17:30:00Z}. Without a zone it is this machine's; a time alone is the next
   * such.
   *
   * @throws UsageException for anything else, and for a time that is past
   */
  static Instant at(String text, ZonedDateTime now) {
    String words = text.strip().toLowerCase(Locale.ROOT);
    if (words.startsWith("at ")) {
      words = words.substring(3).strip();
    }
    if (words.equals("now")) {
      return now.toInstant();
    }
    Instant time;
    try {
      time = point(words, text.strip(), now);
    } catch (DateTimeException | IllegalArgumentException e) {
      throw new UsageException(
          "--start-at can't be read from '"
              + text
              + "'; write a time such as '5:30pm', 'tomorrow 17:30', '2030-08-01 17:30' or"
              + " '2030-08-01T17:30:00Z'.");
    }
    if (time.isBefore(now.toInstant().minusSeconds(60))) {
      throw new UsageException(
          "--start-at is in the past: '" + text + "' was " + Times.local(time) + ".");
    }
    return time;
  }

  private static Instant point(String words, String asWritten, ZonedDateTime now) {
    if (words.contains("t") && words.matches("\\d{4}-.*[.].*")) {
      return OffsetDateTime.parse(asWritten).toInstant(); // with fractions of a second
    }
    Matcher matcher = POINT.matcher(words);
    if (words.isEmpty() || !matcher.matches()) {
      throw new IllegalArgumentException(words);
    }
    @Nullable String day = matcher.group("day");
    @Nullable String hour = matcher.group("hour");
    @Nullable String zoneName = matcher.group("zone");
    if (day == null && hour == null) {
      throw new IllegalArgumentException(words);
    }
    if (day == null && matcher.group("minute") == null && matcher.group("half") == null) {
      throw new IllegalArgumentException("a number alone");
    }
    ZoneId zone =
        zoneName == null
            ? now.getZone()
            : zone(
                asWritten.substring(matcher.start("zone") + asWritten.length() - words.length()));
    ZonedDateTime there = now.withZoneSameInstant(zone);
    LocalTime time = hour == null ? LocalTime.MIDNIGHT : time(matcher, Integer.parseInt(hour));
    if (day == null) {
      ZonedDateTime today = ZonedDateTime.of(there.toLocalDate(), time, zone);
      return (today.isBefore(there)
              ? ZonedDateTime.of(there.toLocalDate().plusDays(1), time, zone)
              : today)
          .toInstant();
    }
    return ZonedDateTime.of(date(day, there.toLocalDate()), time, zone).toInstant();
  }

  private static ZoneId zone(String name) {
    if (name.matches("[+-]\\d{4}")) {
      return ZoneId.of(name.substring(0, 3) + ":" + name.substring(3));
    }
    return name.contains("/") ? ZoneId.of(name) : ZoneId.of(name.toUpperCase(Locale.ROOT));
  }

  private static LocalDate date(String day, LocalDate today) {
    switch (day) {
      case "today" -> {
        return today;
      }
      case "tomorrow" -> {
        return today.plusDays(1);
      }
      default -> {
        String[] parts = day.split("-", -1);
        return LocalDate.of(
            Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), Integer.parseInt(parts[2]));
      }
    }
  }

  private static LocalTime time(Matcher matcher, int written) {
    int hour = written;
    @Nullable String half = matcher.group("half");
    if (half != null) {
      if (written < 1 || written > 12) {
        throw new IllegalArgumentException("no hour of half a day");
      }
      hour = written % 12 + (half.equals("pm") ? 12 : 0);
    }
    return LocalTime.of(hour, number(matcher.group("minute")), number(matcher.group("second")));
  }

  private static int number(@Nullable String digits) {
    return digits == null ? 0 : Integer.parseInt(digits);
  }
}
