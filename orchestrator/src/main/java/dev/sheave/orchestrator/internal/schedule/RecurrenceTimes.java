package dev.sheave.orchestrator.internal.schedule;

import dev.sheave.SheaveException;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Locale;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.dmfs.rfc5545.DateTime;
import org.dmfs.rfc5545.Weekday;
import org.dmfs.rfc5545.recur.Freq;
import org.dmfs.rfc5545.recur.InvalidRecurrenceRuleException;
import org.dmfs.rfc5545.recur.RecurrenceRule;
import org.dmfs.rfc5545.recur.RecurrenceRule.Part;
import org.dmfs.rfc5545.recur.RecurrenceRule.RfcMode;
import org.dmfs.rfc5545.recur.RecurrenceRule.WeekdayNum;
import org.dmfs.rfc5545.recur.RecurrenceRuleIterator;
import org.jspecify.annotations.Nullable;

/** The times of one recurrence rule. Not safe for use by several threads. */
final class RecurrenceTimes implements LocalTimes {
  private static final String UNTIL = "UNTIL";

  /** How far apart periods are at most: the library's calendar has four digits for a year. */
  private static final int MAX_YEARS = 100;

  /** The largest interval that the library adds without an overflow. */
  private static final int MAX_INTERVAL = 1_000_000_000;

  /** The largest number of times that have to be counted one by one. */
  private static final int MAX_COUNT = 100_000;

  /** How many periods are empty at least where the library gives up: it does after a thousand. */
  private static final int PAUSE = 900;

  /** How often a rule is asked again from where the library gave up. */
  private static final int MAX_PAUSES = 1000;

  private static final int LAST_YEAR = 9999;

  private final RecurrenceRule rule;
  private final LocalDateTime start;
  private final boolean runsAllDay;
  private final ProblemAt problems;
  private @Nullable RecurrenceRuleIterator iterator;
  private @Nullable LocalDateTime last;

  /** Reads a time. */
  @FunctionalInterface
  interface TimeReader {
    /** Reads one that is at an index of the rule. */
    LocalDateTime read(String text, int index);
  }

  /** Makes an error. */
  @FunctionalInterface
  interface ProblemAt {
    /** Makes one about what is at an index of the rule. */
    SheaveException problem(int index, String what);
  }

  private RecurrenceTimes(
      RecurrenceRule rule, LocalDateTime start, boolean runsAllDay, ProblemAt problems) {
    this.rule = rule;
    this.start = start;
    this.runsAllDay = runsAllDay;
    this.problems = problems;
  }

  static RecurrenceTimes of(
      String text, LocalDateTime start, TimeReader times, ProblemAt problems) {
    LocalDateTime until = null;
    StringBuilder rest = new StringBuilder();
    int index = 0;
    for (String written : text.split(";", -1)) {
      String part = written.toUpperCase(Locale.ROOT).replaceFirst("^BYWEEKDAY=", "BYDAY=");
      String name = name(part);
      if (name.equals("BYEASTER")) {
        throw problems.problem(
            index, "has BYEASTER, which isn't part of RFC 5545; list the days as RDATE");
      }
      if (name.equals(UNTIL)) {
        until = times.read(part.substring(UNTIL.length() + 1), index + UNTIL.length() + 1);
      } else if (!part.isEmpty()) {
        check(part, index, problems);
        rest.append(rest.length() == 0 ? "" : ";").append(part);
      }
      index += written.length() + 1;
    }
    try {
      RecurrenceRule rule = new RecurrenceRule(rest.toString(), RfcMode.RFC5545_STRICT);
      checkInterval(rule, indexOf("INTERVAL=", text), problems);
      if (until != null) {
        rule.setUntil(floating(until));
      } else if (rule.getCount() != null) {
        bound(rule, start, indexOf("COUNT=", text), problems);
      }
      boolean runsAllDay = rule.getFreq().compareTo(Freq.DAILY) > 0;
      return new RecurrenceTimes(readable(rule, start), start, runsAllDay, problems);
    } catch (InvalidRecurrenceRuleException | IllegalArgumentException e) {
      throw problems.problem(0, "can't be read: " + e.getMessage());
    }
  }

  private static int indexOf(String part, String text) {
    return text.toUpperCase(Locale.ROOT).indexOf(part);
  }

  private static void checkInterval(RecurrenceRule rule, int index, ProblemAt problems) {
    int inOneYear =
        switch (rule.getFreq()) {
          case YEARLY -> 1;
          case MONTHLY -> 12;
          case WEEKLY -> 52;
          case DAILY -> 365;
          case HOURLY -> 365 * 24;
          case MINUTELY -> 365 * 24 * 60;
          case SECONDLY -> 365 * 24 * 60 * 60;
        };
    long most = Math.min(MAX_INTERVAL, (long) MAX_YEARS * inOneYear);
    if (rule.getInterval() > most) {
      throw problems.problem(
          index,
          "has an INTERVAL of "
              + rule.getInterval()
              + "; with this FREQ it can be at most "
              + most);
    }
  }

  /** Replaces a number of times by the last one, since what is counted is walked through. */
  private static void bound(
      RecurrenceRule rule, LocalDateTime start, int index, ProblemAt problems) {
    int count = rule.getCount();
    Duration unit = unit(rule);
    if (unit != null && Stream.of(Part.values()).noneMatch(part -> isFilter(part, rule))) {
      LocalDateTime end = LocalDateTime.of(LAST_YEAR, 12, 31, 23, 59, 59);
      boolean isEndless = Duration.between(start, end).dividedBy(unit) < count;
      rule.setUntil(floating(isEndless ? end : start.plus(unit.multipliedBy(count - 1L))));
    } else if (count > MAX_COUNT) {
      throw problems.problem(
          index,
          "has a COUNT of "
              + count
              + "; with this FREQ it can be at most "
              + MAX_COUNT
              + ", or write an UNTIL");
    }
  }

  private static boolean isFilter(Part part, RecurrenceRule rule) {
    return part.name().startsWith("BY") && rule.hasPart(part);
  }

  private static String name(String part) {
    return part.substring(0, Math.max(0, part.indexOf('=')));
  }

  /** Tells which part is wrong; what contradicts others is told of the whole. */
  private static void check(String part, int index, ProblemAt problems) {
    try {
      // every part may stand in a yearly rule, and BYSETPOS beside another one
      String rule =
          switch (name(part)) {
            case "FREQ" -> part;
            case "BYSETPOS" -> "FREQ=YEARLY;BYMONTH=1;" + part;
            default -> "FREQ=YEARLY;" + part;
          };
      RecurrenceRule unused = new RecurrenceRule(rule, RfcMode.RFC5545_STRICT);
    } catch (InvalidRecurrenceRuleException | IllegalArgumentException e) {
      throw problems.problem(
          index,
          "has '" + part + "', which can't be read; write parts such as FREQ=DAILY;BYHOUR=8");
    }
  }

  /**
   * Returns an equal rule that the library has no trouble with: it takes days of the month in a
   * yearly rule as those of one month, and gives up on rules whose periods are empty for days.
   */
  private static RecurrenceRule readable(RecurrenceRule rule, LocalDateTime start)
      throws InvalidRecurrenceRuleException {
    Freq frequency = rule.getFreq();
    if (frequency == Freq.YEARLY
        && rule.hasPart(Part.BYMONTHDAY)
        && !rule.hasPart(Part.BYMONTH)
        && !rule.hasPart(Part.BYYEARDAY)
        && !rule.hasPart(Part.BYWEEKNO)) {
      rule.setByPart(Part.BYMONTH, each(0, 12, month -> month));
    }
    if (rule.hasPart(Part.BYWEEKNO) && !rule.hasPart(Part.BYDAY)) {
      rule.setByDayPart(
          Stream.of(Weekday.values()).map(weekday -> new WeekdayNum(0, weekday)).toList());
    }
    boolean isSparse =
        Stream.of(Part.BYMONTH, Part.BYMONTHDAY, Part.BYYEARDAY, Part.BYDAY, Part.BYHOUR)
            .anyMatch(rule::hasPart);
    if (isSparse && !rule.hasPart(Part.BYSETPOS)) {
      spread(rule, Freq.SECONDLY, Freq.MINUTELY, Part.BYSECOND, 60, start.getSecond());
      spread(rule, Freq.MINUTELY, Freq.HOURLY, Part.BYMINUTE, 60, start.getMinute());
      spread(rule, Freq.HOURLY, Freq.DAILY, Part.BYHOUR, 24, start.getHour());
    }
    return rule;
  }

  /** Writes a frequency as the times of a longer one, if each period of that has the same. */
  private static void spread(
      RecurrenceRule rule, Freq frequency, Freq longer, Part part, int length, int start)
      throws InvalidRecurrenceRuleException {
    int interval = rule.getInterval();
    if (rule.getFreq() != frequency || length % interval != 0) {
      return;
    }
    int phase = start % interval;
    List<Integer> values = each(0, length / interval, index -> index * interval + phase);
    if (rule.hasPart(part)) {
      values = values.stream().filter(rule.getByPart(part)::contains).toList();
    }
    if (!values.isEmpty()) {
      rule.setFreq(longer, true);
      rule.setInterval(1);
      rule.setByPart(part, values);
    }
  }

  private static List<Integer> each(int first, int end, IntUnaryOperator value) {
    return IntStream.range(first, end).map(value).boxed().toList();
  }

  boolean runsAllDay() {
    return runsAllDay;
  }

  /** Returns the time between two periods; null if that isn't always the same. */
  private static @Nullable Duration unit(RecurrenceRule rule) {
    int interval = rule.getInterval();
    return switch (rule.getFreq()) {
      case WEEKLY -> Duration.ofDays(7L * interval);
      case DAILY -> Duration.ofDays(interval);
      case HOURLY -> Duration.ofHours(interval);
      case MINUTELY -> Duration.ofMinutes(interval);
      case SECONDLY -> Duration.ofSeconds(interval);
      default -> null;
    };
  }

  @Override
  public @Nullable LocalDateTime from(LocalDateTime earliest) {
    Duration unit = unit(rule);
    LocalDateTime reached = earliest.isBefore(start) ? start : earliest;
    for (int pauses = 0; pauses < MAX_PAUSES; ) {
      try {
        return find(reached);
      } catch (IllegalArgumentException | IllegalStateException e) {
        if (!String.valueOf(e.getMessage()).startsWith("too many")) {
          throw e;
        }
        if (iterator != null) {
          iterator = null; // it gave up on what comes before
        } else if (unit == null || rule.getCount() != null || reached.getYear() >= LAST_YEAR) {
          break;
        } else {
          reached = reached.plus(unit.multipliedBy(PAUSE));
          pauses++;
        }
      }
    }
    throw problems.problem(
        0,
        "comes too rarely for its frequency, or never; use a lower FREQ with BYHOUR and BYMINUTE");
  }

  private @Nullable LocalDateTime find(LocalDateTime earliest) {
    RecurrenceRuleIterator times = iterator;
    LocalDateTime before = last;
    if (times == null
        || before == null
        || earliest.isBefore(before)
        || startNear(earliest).isAfter(before)) {
      iterator = null;
      before = start;
      times = rule.iterator(floating(startNear(earliest)));
      times.fastForward(floating(earliest));
    }
    while (times.hasNext()) {
      // to take it would look for the next one, which may be out of reach
      LocalDateTime time = local(times.peekDateTime());
      if (time.isBefore(before)) {
        break; // after the year 9999 the library goes on with the year 0
      }
      if (!time.isBefore(earliest)) {
        iterator = times;
        last = time;
        return time;
      }
      before = time;
      times.nextDateTime();
    }
    iterator = null;
    return null;
  }

  /** A rule that is not counted can start at any of its periods. */
  private LocalDateTime startNear(LocalDateTime earliest) {
    Duration unit = unit(rule);
    if (unit == null || rule.getCount() != null || !start.isBefore(earliest)) {
      return start;
    }
    // the period before may reach into this one
    long periods = Duration.between(start, earliest).dividedBy(unit) - 1;
    return periods <= 0 ? start : start.plus(unit.multipliedBy(periods));
  }

  private static DateTime floating(LocalDateTime time) {
    return new DateTime(
        time.getYear(),
        time.getMonthValue() - 1,
        time.getDayOfMonth(),
        time.getHour(),
        time.getMinute(),
        time.getSecond());
  }

  private static LocalDateTime local(DateTime time) {
    return LocalDateTime.of(
        time.getYear(),
        time.getMonth() + 1,
        time.getDayOfMonth(),
        time.getHours(),
        time.getMinutes(),
        time.getSeconds());
  }
}
