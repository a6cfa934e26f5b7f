package dev.sheave.orchestrator.internal.schedule;

import dev.sheave.SheaveException;
import java.math.BigInteger;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.time.temporal.WeekFields;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A recurrence rule of RFC 5545, read as dateutil does: each part about days is a condition, and
 * what no part says is as at the start.
 */
final class RecurrenceRule {
  private static final Map<String, ChronoUnit> FREQUENCIES =
      Map.of(
          "YEARLY", ChronoUnit.YEARS,
          "MONTHLY", ChronoUnit.MONTHS,
          "WEEKLY", ChronoUnit.WEEKS,
          "DAILY", ChronoUnit.DAYS,
          "HOURLY", ChronoUnit.HOURS,
          "MINUTELY", ChronoUnit.MINUTES,
          "SECONDLY", ChronoUnit.SECONDS);

  private static final List<String> WEEKDAYS = List.of("MO", "TU", "WE", "TH", "FR", "SA", "SU");
  private static final Pattern WEEKDAY =
      Pattern.compile("(?<nth>[+-]?0*[1-9]\\d?)?(?<day>" + String.join("|", WEEKDAYS) + ")");
  private static final Pattern NUMBER = Pattern.compile("[+-]?\\d{1,10}");

  private final ProblemAt problems;
  private final Map<String, Integer> indexes = new HashMap<>();
  private final Map<Part, NavigableSet<Integer>> numbers = new EnumMap<>(Part.class);
  private final Set<DayOfWeek> weekdays = EnumSet.noneOf(DayOfWeek.class);
  private final Set<NthWeekday> nthWeekdays = new HashSet<>();
  private ChronoUnit unit = ChronoUnit.FOREVER;
  private WeekFields week = WeekFields.ISO;
  private @Nullable LocalDateTime until;

  /** A part whose values are numbers. Negative ones count from the end, and have no zero. */
  enum Part {
    INTERVAL(1, 100_000_000),
    COUNT(1, Integer.MAX_VALUE),
    BYSETPOS(-366, 366),
    BYMONTH(1, 12),
    BYMONTHDAY(-31, 31),
    BYYEARDAY(-366, 366),
    BYWEEKNO(-53, 53),
    BYHOUR(0, 23),
    BYMINUTE(0, 59),
    BYSECOND(0, 59);

    private final int min;
    private final int max;

    Part(int min, int max) {
      this.min = min;
      this.max = max;
    }

    private boolean takes(String value) {
      if (!NUMBER.matcher(value).matches()) {
        return false;
      }
      long number = Long.parseLong(value);
      return number >= min && number <= max && (number != 0 || min == 0);
    }
  }

  /** A weekday of a month or a year: from 1, or from -1 at the end. */
  private record NthWeekday(DayOfWeek weekday, int nth) {}

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

  private RecurrenceRule(ProblemAt problems) {
    this.problems = problems;
  }

  static RecurrenceRule parse(
      String text, LocalDateTime start, TimeReader times, ProblemAt problems) {
    RecurrenceRule rule = new RecurrenceRule(problems);
    int index = 0;
    for (String written : text.split(";", -1)) {
      String part = written.toUpperCase(Locale.ROOT).replaceFirst("^BYWEEKDAY=", "BYDAY=");
      if (!part.isEmpty()) {
        rule.read(part, index, times);
      }
      index += written.length() + 1;
    }
    rule.complete(start);
    return rule;
  }

  private void read(String part, int index, TimeReader times) {
    int equals = Math.max(0, part.indexOf('='));
    String name = part.substring(0, equals);
    String value = part.substring(Math.min(part.length(), equals + 1));
    if (indexes.putIfAbsent(name, index) != null) {
      throw problems.problem(index, "has " + name + " twice; write it once");
    }
    switch (name) {
      case "FREQ" -> {
        ChronoUnit found = FREQUENCIES.get(value);
        if (found == null) {
          throw unreadable(part, index);
        }
        unit = found;
      }
      case "UNTIL" -> until = times.read(value, index + equals + 1);
      case "WKST" -> {
        if (!WEEKDAYS.contains(value)) {
          throw unreadable(part, index);
        }
        week = WeekFields.of(weekday(value), 4);
      }
      case "BYDAY" -> readDays(value, part, index);
      case "BYEASTER" ->
          throw problems.problem(
              index, "has BYEASTER, which isn't part of RFC 5545; list the days as RDATE");
      default -> {
        Part named =
            Stream.of(Part.values())
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow(() -> unreadable(part, index));
        readNumbers(named, value, part, index);
      }
    }
  }

  private SheaveException unreadable(String part, int index) {
    return problems.problem(
        index, "has '" + part + "', which can't be read; write parts such as FREQ=DAILY;BYHOUR=8");
  }

  private void readNumbers(Part named, String value, String part, int index) {
    NavigableSet<Integer> found = new TreeSet<>();
    for (String number : value.split(",", -1)) {
      if (!named.takes(number)) {
        throw problems.problem(
            index,
            "has '"
                + part
                + "'; its values are numbers from "
                + named.min
                + " to "
                + named.max
                + (named.min < 0 ? " without 0" : ""));
      }
      found.add(Integer.parseInt(number));
    }
    if (found.size() > 1 && (named == Part.INTERVAL || named == Part.COUNT)) {
      throw unreadable(part, index);
    }
    numbers.put(named, found);
  }

  private void readDays(String value, String part, int index) {
    for (String day : value.split(",", -1)) {
      Matcher matcher = WEEKDAY.matcher(day);
      if (!matcher.matches()) {
        throw problems.problem(
            index,
            "has '" + part + "'; write days such as MO, 2TU (the second) or -1FR (the last)");
      }
      DayOfWeek weekday = weekday(matcher.group("day"));
      String nth = matcher.group("nth");
      if (nth == null) {
        weekdays.add(weekday);
      } else {
        nthWeekdays.add(new NthWeekday(weekday, Integer.parseInt(nth)));
      }
    }
  }

  private static DayOfWeek weekday(String name) {
    return DayOfWeek.of(WEEKDAYS.indexOf(name) + 1);
  }

  /** Adds what the start says where the rule doesn't. */
  private void complete(LocalDateTime start) {
    Integer byDay = indexes.get("BYDAY");
    if (unit == ChronoUnit.FOREVER) {
      throw problems.problem(0, "has no FREQ; write one such as FREQ=DAILY;BYHOUR=8");
    }
    if (byDay != null && !nthWeekdays.isEmpty() && unit.compareTo(ChronoUnit.MONTHS) < 0) {
      throw problems.problem(
          byDay, "has a BYDAY with a number, which needs FREQ=MONTHLY or FREQ=YEARLY");
    }
    boolean hasDays =
        byDay != null || has(Part.BYMONTHDAY) || has(Part.BYYEARDAY) || has(Part.BYWEEKNO);
    if (!hasDays && unit == ChronoUnit.WEEKS) {
      weekdays.add(start.getDayOfWeek());
    } else if (!hasDays && unit.compareTo(ChronoUnit.MONTHS) >= 0) {
      numbers.put(Part.BYMONTHDAY, single(start.getDayOfMonth()));
      if (unit == ChronoUnit.YEARS) {
        numbers.putIfAbsent(Part.BYMONTH, single(start.getMonthValue()));
      }
    }
    checkReached(ChronoUnit.HOURS, Part.BYHOUR, 24, start.getHour());
    checkReached(ChronoUnit.MINUTES, Part.BYMINUTE, 60, start.getMinute());
    checkReached(ChronoUnit.SECONDS, Part.BYSECOND, 60, start.getSecond());
    if (unit.compareTo(ChronoUnit.HOURS) > 0) {
      numbers.putIfAbsent(Part.BYHOUR, single(start.getHour()));
    }
    if (unit.compareTo(ChronoUnit.MINUTES) > 0) {
      numbers.putIfAbsent(Part.BYMINUTE, single(start.getMinute()));
    }
    if (unit.compareTo(ChronoUnit.SECONDS) > 0) {
      numbers.putIfAbsent(Part.BYSECOND, single(start.getSecond()));
    }
  }

  /** Refuses numbers that no period has, as dateutil does. */
  private void checkReached(ChronoUnit ofPart, Part part, int size, int start) {
    int step = BigInteger.valueOf(interval()).gcd(BigInteger.valueOf(size)).intValue();
    if (unit == ofPart
        && has(part)
        && numbers(part).stream().noneMatch(number -> (number - start) % step == 0)) {
      throw problem(part, "never comes: its INTERVAL reaches no value of its " + part.name());
    }
  }

  private static NavigableSet<Integer> single(int value) {
    return new TreeSet<>(Set.of(value));
  }

  private boolean has(Part part) {
    return numbers.containsKey(part);
  }

  /** Returns an error about a part, or about the whole if that isn't written. */
  SheaveException problem(@Nullable Part part, String what) {
    return problems.problem(part == null ? 0 : indexes.getOrDefault(part.name(), 0), what);
  }

  /** Returns the length of a period. */
  ChronoUnit unit() {
    return unit;
  }

  DayOfWeek weekStart() {
    return week.getFirstDayOfWeek();
  }

  @Nullable LocalDateTime until() {
    return until;
  }

  /** Whether each period has one time, as far after its begin as the start. */
  boolean isPlain() {
    return unit.compareTo(ChronoUnit.WEEKS) <= 0
        && indexes.keySet().stream().noneMatch(name -> name.startsWith("BY"));
  }

  /** Whether days must be of each week and of a month at once, as in SU,-2FR. */
  boolean mixesDays() {
    return !weekdays.isEmpty() && !nthWeekdays.isEmpty();
  }

  /** Returns the number of periods from one to the next. */
  int interval() {
    return has(Part.INTERVAL) ? numbers(Part.INTERVAL).first() : 1;
  }

  /** Returns the number of times; 0 if it isn't limited. */
  int count() {
    return has(Part.COUNT) ? numbers(Part.COUNT).first() : 0;
  }

  /** Returns the numbers of a part, of which there are none if all are meant. */
  NavigableSet<Integer> numbers(Part part) {
    return numbers.getOrDefault(part, new TreeSet<>());
  }

  boolean allows(Part part, int number) {
    NavigableSet<Integer> allowed = numbers.get(part);
    return allowed == null || allowed.contains(number);
  }

  boolean hasMonth(LocalDate day) {
    return allows(Part.BYMONTH, day.getMonthValue());
  }

  /**
   * Whether a day meets the conditions.
   *
   * @param year the year in which its period begins, whose weeks are counted
   */
  boolean hasDay(LocalDate day, int year) {
    return hasMonth(day)
        && (weekdays.isEmpty() || weekdays.contains(day.getDayOfWeek()))
        && has(Part.BYMONTHDAY, day.getDayOfMonth(), day.lengthOfMonth())
        && has(Part.BYYEARDAY, day.getDayOfYear(), day.lengthOfYear())
        && (nthWeekdays.isEmpty() || isNthWeekday(day))
        && (!has(Part.BYWEEKNO) || isInWeek(day, year));
  }

  /** Whether a position is named from the start or from the end. */
  private boolean has(Part part, int position, int length) {
    return allows(part, position) || allows(part, position - length - 1);
  }

  private boolean isNthWeekday(LocalDate day) {
    boolean isOfYear = unit == ChronoUnit.YEARS && !has(Part.BYMONTH);
    int position = (isOfYear ? day.getDayOfYear() : day.getDayOfMonth()) - 1;
    int rest = (isOfYear ? day.lengthOfYear() : day.lengthOfMonth()) - 1 - position;
    return nthWeekdays.contains(new NthWeekday(day.getDayOfWeek(), position / 7 + 1))
        || nthWeekdays.contains(new NthWeekday(day.getDayOfWeek(), -(rest / 7 + 1)));
  }

  private boolean isInWeek(LocalDate day, int year) {
    int ofYear = day.get(week.weekBasedYear());
    if (ofYear == year) {
      return has(Part.BYWEEKNO, day.get(week.weekOfWeekBasedYear()), weeks(year));
    }
    // dateutil takes the first week of the next year and the last one of the year before as its own
    return numbers(Part.BYWEEKNO).contains(ofYear > year ? 1 : -1)
        || (ofYear < year && numbers(Part.BYWEEKNO).contains(weeksBefore(year)));
  }

  private int weeks(int year) {
    return (int) week.weekOfWeekBasedYear().rangeRefinedBy(LocalDate.of(year, 7, 1)).getMaximum();
  }

  /** Counts the weeks of the year before one that begins in its last week, as dateutil does. */
  private int weeksBefore(int year) {
    LocalDate first = LocalDate.of(year, 1, 1);
    if (daysToWeek(first.minusYears(1)) >= 4) {
      return weeks(year - 1);
    }
    return 52 + (first.lengthOfYear() - daysToWeek(first)) % 7 / 4;
  }

  private int daysToWeek(LocalDate day) {
    return (8 - day.get(week.dayOfWeek())) % 7;
  }
}
