package dev.sheave.orchestrator.internal.schedule;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.Schedule;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The times of recurrence rules of RFC 5545: lines of {@code DTSTART}, {@code RRULE}, {@code
 * RDATE}, {@code EXDATE} and {@code EXRULE}; a line without a name is a rule. Without {@code
 * DTSTART} they count from {@link ScheduleTimes#DEFAULT_ANCHOR} in the zone. Not safe for use by
 * several threads.
 */
final class RecurrenceSet implements LocalTimes {
  /** How many characters the text has at most. */
  static final int MAX_LENGTH = 6500;

  /** How many times may be excluded one after the other: more than all the seconds of a day. */
  private static final int MAX_EXCLUDED = 100_000;

  private static final Pattern LINE =
      Pattern.compile("(?:(?<name>[A-Za-z-]+)(?<parameters>;[^:]*)?:)?(?<value>\\S+)");
  private static final Pattern ZONE = Pattern.compile("(?i);TZID=\"?(?<zone>[^;\"]+)\"?");
  private static final Pattern ELAPSED =
      Pattern.compile("(?i)\\bFREQ=(?:HOURLY|MINUTELY|SECONDLY)\\b");
  private static final Pattern BY_PART = Pattern.compile("(?i)\\bBY[A-Z]+=");
  private static final DateTimeFormatter TIME =
      new DateTimeFormatterBuilder()
          .appendPattern("uuuuMMdd['T'HHmmss]")
          .parseDefaulting(ChronoField.HOUR_OF_DAY, 0)
          .parseDefaulting(ChronoField.MINUTE_OF_HOUR, 0)
          .parseDefaulting(ChronoField.SECOND_OF_MINUTE, 0)
          .toFormatter(Locale.ROOT)
          .withResolverStyle(ResolverStyle.STRICT);

  private final ZoneId zone;
  private final List<RecurrenceTimes> rules;
  private final List<RecurrenceTimes> excludedRules;
  private final NavigableSet<LocalDateTime> dates;
  private final NavigableSet<LocalDateTime> excludedDates;

  private RecurrenceSet(
      ZoneId zone,
      List<RecurrenceTimes> rules,
      List<RecurrenceTimes> excludedRules,
      NavigableSet<LocalDateTime> dates,
      NavigableSet<LocalDateTime> excludedDates) {
    this.zone = zone;
    this.rules = rules;
    this.excludedRules = excludedRules;
    this.dates = dates;
    this.excludedDates = excludedDates;
  }

  /**
   * Reads rules.
   *
   * @param timezone the zone of times without a zone; null for that of {@code DTSTART}, else UTC
   * @throws SheaveException {@code INVALID}, with a column and a hint
   */
  static RecurrenceSet parse(String text, @Nullable String timezone) {
    return new Reader(text).read(timezone);
  }

  ZoneId zone() {
    return zone;
  }

  boolean runsAllDay() {
    return rules.stream().anyMatch(RecurrenceTimes::runsAllDay);
  }

  @Override
  public @Nullable LocalDateTime from(LocalDateTime earliest) {
    LocalDateTime from = earliest;
    for (int excluded = 0; excluded < MAX_EXCLUDED; excluded++) {
      LocalDateTime time = included(from);
      if (time == null || !isExcluded(time)) {
        return time;
      }
      from = time.plusNanos(1);
    }
    throw problem(0, "excludes more than " + MAX_EXCLUDED + " times one after the other");
  }

  private @Nullable LocalDateTime included(LocalDateTime earliest) {
    LocalDateTime first = dates.ceiling(earliest);
    for (RecurrenceTimes rule : rules) {
      LocalDateTime time = rule.from(earliest);
      if (time != null && (first == null || time.isBefore(first))) {
        first = time;
      }
    }
    return first;
  }

  private boolean isExcluded(LocalDateTime time) {
    return excludedDates.contains(time)
        || excludedRules.stream().anyMatch(rule -> time.equals(rule.from(time)));
  }

  private static SheaveException problem(int index, String what) {
    return new SheaveException(
        Code.INVALID, "The recurrence rule " + what + " (column " + (index + 1) + ").");
  }

  /** Reads a text. */
  private static final class Reader {
    private final String text;
    private final List<Rule> rules = new ArrayList<>();
    private final List<Rule> excludedRules = new ArrayList<>();
    private final List<Time> dates = new ArrayList<>();
    private final List<Time> excludedDates = new ArrayList<>();
    private @Nullable Time start;
    private ZoneId zone = ZoneOffset.UTC;

    /** The zone whose clock the rules are about: UTC for those of elapsed time. */
    private ZoneId axis = ZoneOffset.UTC;

    /** A rule, and where it starts. */
    private record Rule(String text, int column) {
      /** Whether it is an interval of less than a day, and nothing else. */
      boolean isElapsedTime() {
        return ELAPSED.matcher(text).find() && !BY_PART.matcher(text).find();
      }
    }

    /** A time, and the zone that was written with it. */
    private record Time(LocalDateTime time, @Nullable ZoneId zone) {
      LocalDateTime in(ZoneId usual, ZoneId axis) {
        ZoneId own = zone == null ? usual : zone;
        return own.equals(axis)
            ? time
            : LocalDateTime.ofInstant(time.atZone(own).toInstant(), axis);
      }
    }

    Reader(String text) {
      this.text = text;
    }

    RecurrenceSet read(@Nullable String timezone) {
      if (text.length() > MAX_LENGTH) {
        throw problem(MAX_LENGTH, "is longer than " + MAX_LENGTH + " characters");
      }
      Matcher line = LINE.matcher(text);
      while (line.find()) {
        read(line);
      }
      if (rules.isEmpty() && dates.isEmpty()) {
        throw problem(0, "has no rule; write one such as FREQ=DAILY;BYHOUR=8");
      }
      Time anchor = start;
      ZoneId ofStart = anchor == null ? null : anchor.zone();
      zone = timezone == null && ofStart != null ? ofStart : ScheduleTimes.zone(timezone);
      axis =
          Stream.concat(rules.stream(), excludedRules.stream()).allMatch(Rule::isElapsedTime)
              ? ZoneOffset.UTC
              : zone;
      LocalDateTime first =
          (anchor == null ? new Time(ScheduleTimes.DEFAULT_ANCHOR, null) : anchor).in(zone, axis);
      RecurrenceSet set =
          new RecurrenceSet(
              axis,
              times(rules, first),
              times(excludedRules, first),
              times(dates),
              times(excludedDates));
      if (set.from(first) == null) {
        throw problem(
            0,
            "never comes; check its days, its UNTIL and its EXDATE"
                + (set.rules.stream().anyMatch(RecurrenceTimes::mixesDays)
                    ? ", and give days such as SU and -2FR a rule each"
                    : ""));
      }
      return set;
    }

    private void read(Matcher line) {
      String name = line.group("name");
      int column = line.start("value");
      String value = line.group("value");
      if (name == null) {
        rules.add(new Rule(value, column));
        return;
      }
      switch (name.toUpperCase(Locale.ROOT)) {
        case "RRULE" -> rules.add(new Rule(value, column));
        case "EXRULE" -> excludedRules.add(new Rule(value, column));
        case "RDATE" -> dates.addAll(readTimes(line));
        case "EXDATE" -> excludedDates.addAll(readTimes(line));
        case "DTSTART" -> start = readTimes(line).get(0);
        default ->
            throw problem(
                line.start(),
                "has the unknown property '"
                    + name
                    + "'; use DTSTART, RRULE, RDATE, EXDATE and EXRULE");
      }
    }

    private List<Time> readTimes(Matcher line) {
      String parameters = line.group("parameters");
      Matcher named = ZONE.matcher(parameters == null ? "" : parameters);
      ZoneId zone = null;
      if (named.find()) {
        try {
          zone = Schedule.zoneNamed(named.group("zone"));
        } catch (DateTimeException e) {
          throw problem(
              line.start("parameters"),
              "has the unknown time zone '"
                  + named.group("zone")
                  + "'; use a name such as Europe/Berlin");
        }
      }
      List<Time> times = new ArrayList<>();
      int column = line.start("value");
      for (String time : line.group("value").split(",", -1)) {
        times.add(time(time, zone, column));
        column += time.length() + 1;
      }
      return times;
    }

    private Time time(String time, @Nullable ZoneId zone, int column) {
      boolean isUtc = time.endsWith("Z");
      try {
        LocalDateTime local =
            LocalDateTime.parse(isUtc ? time.substring(0, time.length() - 1) : time, TIME);
        return new Time(local, isUtc ? ZoneOffset.UTC : zone);
      } catch (DateTimeException e) {
        throw problem(
            column,
            "has '" + time + "' as a time; write it as 20200131T080000 or with a Z for UTC");
      }
    }

    private List<RecurrenceTimes> times(List<Rule> rules, LocalDateTime start) {
      return rules.stream()
          .map(
              rule ->
                  RecurrenceTimes.of(
                      RecurrenceRule.parse(
                          rule.text(),
                          start,
                          (until, index) -> time(until, null, rule.column() + index).in(zone, axis),
                          (index, what) -> problem(rule.column() + index, what)),
                      start))
          .toList();
    }

    private NavigableSet<LocalDateTime> times(List<Time> times) {
      return new TreeSet<>(times.stream().map(time -> time.in(zone, axis)).toList());
    }
  }
}
