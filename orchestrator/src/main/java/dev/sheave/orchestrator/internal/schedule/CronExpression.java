package dev.sheave.orchestrator.internal.schedule;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.YearMonth;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A cron expression in croniter's grammar: minute, hour, day of the month, month and day of the
 * week, and a sixth field with seconds. Immutable.
 */
final class CronExpression implements LocalTimes {
  /** A day that comes at all comes in this time: 29 February on a given weekday, around 2100. */
  private static final int YEARS = 50;

  private static final List<CronField.Kind> KINDS = List.of(CronField.Kind.values());

  private static final Pattern FIELD = Pattern.compile("\\S+");

  private static final Map<String, String> ALIASES =
      Map.of(
          "@yearly", "0 0 1 1 *",
          "@annually", "0 0 1 1 *",
          "@monthly", "0 0 1 * *",
          "@weekly", "0 0 * * 0",
          "@daily", "0 0 * * *",
          "@midnight", "0 0 * * *",
          "@hourly", "0 * * * *");

  private final CronField seconds;
  private final CronField minutes;
  private final CronField hours;
  private final CronField days;
  private final CronField months;
  private final CronField weekdays;
  private final boolean isOneDayEnough;

  private CronExpression(List<CronField> fields, boolean dayOr) {
    this.minutes = fields.get(0);
    this.hours = fields.get(1);
    this.days = fields.get(2);
    this.months = fields.get(3);
    this.weekdays = fields.get(4);
    this.seconds = fields.get(5);
    this.isOneDayEnough = dayOr && !days.isAnyBeside(weekdays) && !weekdays.isAnyBeside(days);
  }

  /**
   * Reads an expression.
   *
   * @param dayOr whether one of the day of the month and the day of the week is enough if both are
   *     given
   * @throws SheaveException {@code INVALID}, with a column and a hint
   */
  static CronExpression parse(String text, boolean dayOr) {
    if (text.length() > RecurrenceSet.MAX_LENGTH) {
      throw new SheaveException(
          Code.INVALID,
          "The cron expression is longer than " + RecurrenceSet.MAX_LENGTH + " characters.");
    }
    String written = text.strip();
    String expression = ALIASES.getOrDefault(written.toLowerCase(Locale.ROOT), text);
    if (written.startsWith("@") && expression.equals(text)) {
      throw problem(
          text,
          text.indexOf('@'),
          "is unknown; use one of @hourly, @daily, @weekly, @monthly and @yearly");
    }
    List<CronField> fields = new ArrayList<>();
    Matcher matcher = FIELD.matcher(expression);
    while (matcher.find()) {
      if (fields.size() == KINDS.size()) {
        throw problem(
            text,
            matcher.start(),
            "has more than 6 fields: minute, hour, day, month, weekday, second");
      }
      CronField.Kind kind = KINDS.get(fields.size());
      fields.add(new CronFieldParser(text, kind, matcher.group(), matcher.start()).parse());
    }
    if (fields.size() < 5) {
      throw problem(
          text,
          text.length(),
          "has fewer than 5 fields; write minute, hour, day of the month, month and weekday");
    }
    if (fields.size() == 5) {
      fields.add(CronField.zero(CronField.Kind.SECOND));
    }
    CronExpression parsed = new CronExpression(fields, dayOr);
    // croniter looks for days that meet both fields even where it ignores one of them
    CronExpression narrowest =
        parsed.weekdays.nthWeekdays().isEmpty() ? parsed : new CronExpression(fields, false);
    if (narrowest.from(LocalDate.of(2000, 1, 1).atStartOfDay()) == null) {
      throw problem(text, parsed.days.column(), "never comes: no month has such a day");
    }
    return parsed;
  }

  static SheaveException problem(String expression, int index, String what) {
    return new SheaveException(
        Code.INVALID,
        "The cron expression '" + expression + "' " + what + " (column " + (index + 1) + ").");
  }

  /** Whether minute or hour have a wildcard or a step. */
  boolean runsAllDay() {
    return minutes.isRepeated() || hours.isRepeated();
  }

  @Override
  public @Nullable LocalDateTime from(LocalDateTime earliest) {
    LocalDateTime whole = earliest.truncatedTo(ChronoUnit.SECONDS);
    LocalDateTime start = whole.isBefore(earliest) ? whole.plusSeconds(1) : whole;
    LocalDate date = start.toLocalDate();
    LocalDate last = date.plusYears(YEARS);
    LocalTime time = start.toLocalTime();
    while (date.isBefore(last)) {
      if (!months.has(date.getMonthValue())) {
        date = date.withDayOfMonth(1).plusMonths(1);
      } else {
        LocalTime found = isDay(date) ? timeFrom(time) : null;
        if (found != null) {
          return date.atTime(found);
        }
        date = date.plusDays(1);
      }
      time = LocalTime.MIDNIGHT;
    }
    return null;
  }

  private boolean isDay(LocalDate date) {
    boolean isDay =
        days.has(date.getDayOfMonth())
            || (days.hasLast() && date.getDayOfMonth() == date.lengthOfMonth());
    boolean isWeekday = isWeekday(date);
    if (isOneDayEnough) {
      // croniter ignores the day of the month beside the nth weekday
      return isWeekday || (isDay && weekdays.nthWeekdays().isEmpty());
    }
    return isDay && isWeekday;
  }

  private boolean isWeekday(LocalDate date) {
    int weekday = date.getDayOfWeek().getValue() % 7;
    if (weekdays.nthWeekdays().isEmpty()) {
      return weekdays.has(weekday);
    }
    int nth = (date.getDayOfMonth() - 1) / 7 + 1;
    boolean isLast = date.getDayOfMonth() + 7 > YearMonth.from(date).lengthOfMonth();
    return weekdays.hasNth(weekday, nth) || (isLast && weekdays.hasNth(weekday, CronField.LAST));
  }

  private @Nullable LocalTime timeFrom(LocalTime earliest) {
    int hour = hours.from(earliest.getHour());
    if (hour == earliest.getHour()) {
      int minute = minutes.from(earliest.getMinute());
      if (minute == earliest.getMinute()) {
        int second = seconds.from(earliest.getSecond());
        if (second >= 0) {
          return LocalTime.of(hour, minute, second);
        }
        minute = minutes.from(minute + 1);
      }
      if (minute >= 0) {
        return LocalTime.of(hour, minute, seconds.from(0));
      }
      hour = hours.from(hour + 1);
    }
    return hour < 0 ? null : LocalTime.of(hour, minutes.from(0), seconds.from(0));
  }
}
