package dev.sheave.orchestrator.internal.schedule;

import dev.sheave.orchestrator.internal.schedule.RecurrenceRule.Part;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The times of one recurrence rule. Not safe for use by several threads. */
final class RecurrenceTimes implements LocalTimes {
  /** The last year, as in dateutil. */
  private static final int LAST_YEAR = 9999;

  /** How far ahead a time is looked for: the calendar repeats itself every 400 years. */
  private static final int MAX_YEARS = 400;

  /** The largest number of times that have to be counted one by one. */
  private static final int MAX_COUNT = 100_000;

  /** How many periods and days are looked at for an answer: more than there are days. */
  private static final int MAX_STEPS = 4_000_000;

  private final RecurrenceRule rule;
  private final LocalDateTime start;
  private final ChronoUnit unit;
  private final int interval;

  /** When the first period begins. */
  private final LocalDateTime base;

  private @Nullable LocalDateTime until;
  private int steps;

  // the last question, and its answer
  private @Nullable LocalDateTime asked;
  private @Nullable LocalDateTime found;

  // the last period of which BYSETPOS chose times, and these
  private @Nullable LocalDateTime chosenOf;
  private NavigableSet<LocalDateTime> chosen = new TreeSet<>();

  private RecurrenceTimes(RecurrenceRule rule, LocalDateTime start) {
    this.rule = rule;
    this.start = start;
    this.unit = rule.unit();
    this.interval = rule.interval();
    this.base = begin(start);
    this.until = rule.until();
  }

  /**
   * Starts.
   *
   * @throws dev.sheave.SheaveException {@code INVALID} for a COUNT of times that are too many to be
   *     counted, or come too rarely
   */
  static RecurrenceTimes of(RecurrenceRule rule, LocalDateTime start) {
    RecurrenceTimes times = new RecurrenceTimes(rule, start);
    int count = rule.count();
    if (count > 0) {
      LocalDateTime last = times.last(count);
      LocalDateTime until = times.until;
      times.until = until == null || last.isBefore(until) ? last : until;
    }
    return times;
  }

  /** Returns the last one of a number of times. */
  private LocalDateTime last(int count) {
    LocalDateTime last = start;
    if (rule.isPlain()) {
      LocalDateTime end = LocalDateTime.of(LAST_YEAR, 12, 31, 23, 59, 59);
      long periods = Math.min(count - 1L, unit.between(start, end) / interval);
      return start.plus(periods * interval, unit);
    }
    if (count > MAX_COUNT) {
      throw rule.problem(
          Part.COUNT,
          "has a COUNT of "
              + count
              + "; with this FREQ it can be at most "
              + MAX_COUNT
              + ", or write an UNTIL");
    }
    LocalDateTime next = find(start);
    for (int i = 0; i < count && next != null; i++) {
      last = next;
      next = i + 1 < count ? find(last.plusSeconds(1)) : null;
    }
    return last;
  }

  private LocalDateTime begin(LocalDateTime time) {
    LocalDateTime midnight = time.truncatedTo(ChronoUnit.DAYS);
    return switch (unit) {
      case YEARS -> midnight.withDayOfYear(1);
      case MONTHS -> midnight.withDayOfMonth(1);
      case WEEKS -> midnight.with(TemporalAdjusters.previousOrSame(rule.weekStart()));
      default -> time.truncatedTo(unit);
    };
  }

  boolean mixesDays() {
    return rule.mixesDays();
  }

  boolean runsAllDay() {
    return unit.compareTo(ChronoUnit.DAYS) < 0;
  }

  @Override
  public @Nullable LocalDateTime from(LocalDateTime earliest) {
    boolean isKnown =
        asked != null && !earliest.isBefore(asked) && (found == null || !earliest.isAfter(found));
    if (!isKnown) {
      steps = 0;
      found = find(earliest.isBefore(start) ? start : earliest);
      asked = earliest;
    }
    return found;
  }

  private @Nullable LocalDateTime find(LocalDateTime earliest) {
    int lastYear = Math.min(LAST_YEAR, earliest.getYear() + MAX_YEARS);
    long period = unit.between(base, earliest) / interval;
    while (true) {
      LocalDateTime begin = base.plus(period * interval, unit);
      if (begin.getYear() > lastYear || (until != null && begin.isAfter(until))) {
        return null;
      }
      step();
      LocalDateTime next = runsAllDay() || unit == ChronoUnit.DAYS ? skip(begin) : begin;
      if (next.equals(begin)) {
        LocalDateTime time =
            rule.numbers(Part.BYSETPOS).isEmpty()
                ? first(begin, earliest)
                : chosen(begin).ceiling(earliest);
        if (time != null) {
          return until != null && time.isAfter(until) ? null : time;
        }
        period++;
      } else {
        period = (unit.between(base, next) + interval - 1) / interval;
      }
    }
  }

  private void step() {
    steps++;
    if (steps > MAX_STEPS) {
      throw rule.problem(
          null,
          "comes too rarely for its frequency, or never; use a lower FREQ with BYHOUR and"
              + " BYMINUTE");
    }
  }

  /** Returns where to go on from a period of a day or less: that one if it may have times. */
  private LocalDateTime skip(LocalDateTime begin) {
    LocalDate day = begin.toLocalDate();
    if (!rule.hasDay(day, day.getYear())) {
      return dayAfter(day).atStartOfDay();
    }
    if (unit.compareTo(ChronoUnit.HOURS) <= 0 && !rule.allows(Part.BYHOUR, begin.getHour())) {
      return begin.truncatedTo(ChronoUnit.HOURS).plusHours(1);
    }
    if (unit.compareTo(ChronoUnit.MINUTES) <= 0 && !rule.allows(Part.BYMINUTE, begin.getMinute())) {
      return begin.truncatedTo(ChronoUnit.MINUTES).plusMinutes(1);
    }
    return unit == ChronoUnit.SECONDS && !rule.allows(Part.BYSECOND, begin.getSecond())
        ? begin.plusSeconds(1)
        : begin;
  }

  /** Returns the next day, of the next month if this one isn't meant. */
  private LocalDate dayAfter(LocalDate day) {
    return rule.hasMonth(day) ? day.plusDays(1) : day.plusMonths(1).withDayOfMonth(1);
  }

  /** Returns the first time of a period that isn't before another one; null if there is none. */
  private @Nullable LocalDateTime first(LocalDateTime begin, LocalDateTime earliest) {
    Clock clock = clock(begin);
    LocalDate from = earliest.toLocalDate();
    LocalDate first = firstDay(begin);
    LocalDate day = first.isBefore(from) ? from : first;
    for (LocalDate end = dayAfterLast(begin); day.isBefore(end); day = dayAfter(day)) {
      step();
      if (rule.hasDay(day, begin.getYear())) {
        LocalTime time = clock.from(day.equals(from) ? earliest.toLocalTime() : LocalTime.MIDNIGHT);
        if (time != null) {
          return day.atTime(time);
        }
      }
    }
    return null;
  }

  /** Returns the times of a period that BYSETPOS chooses. */
  private NavigableSet<LocalDateTime> chosen(LocalDateTime begin) {
    if (!begin.equals(chosenOf)) {
      chosenOf = begin;
      chosen = new TreeSet<>();
      Clock clock = clock(begin);
      List<LocalDate> days = new ArrayList<>();
      LocalDate end = dayAfterLast(begin);
      for (LocalDate day = firstDay(begin); day.isBefore(end); day = dayAfter(day)) {
        step();
        if (rule.hasDay(day, begin.getYear())) {
          days.add(day);
        }
      }
      int size = days.size() * clock.size();
      for (int position : rule.numbers(Part.BYSETPOS)) {
        int index = position < 0 ? size + position : position - 1;
        if (index >= 0 && index < size) {
          chosen.add(days.get(index / clock.size()).atTime(clock.at(index % clock.size())));
        }
      }
    }
    return chosen;
  }

  /** Returns the first day of a period: the week of the start begins with it, as in dateutil. */
  private LocalDate firstDay(LocalDateTime begin) {
    LocalDate day = begin.toLocalDate();
    LocalDate startDay = start.toLocalDate();
    return unit == ChronoUnit.WEEKS && day.isBefore(startDay) ? startDay : day;
  }

  private LocalDate dayAfterLast(LocalDateTime begin) {
    return runsAllDay() ? begin.toLocalDate().plusDays(1) : begin.plus(1, unit).toLocalDate();
  }

  private Clock clock(LocalDateTime begin) {
    return new Clock(
        values(Part.BYHOUR, ChronoUnit.HOURS, begin.getHour()),
        values(Part.BYMINUTE, ChronoUnit.MINUTES, begin.getMinute()),
        values(Part.BYSECOND, ChronoUnit.SECONDS, begin.getSecond()));
  }

  private List<Integer> values(Part part, ChronoUnit ofPart, int own) {
    return unit.compareTo(ofPart) <= 0 ? List.of(own) : List.copyOf(rule.numbers(part));
  }

  /** The times of a day: each hour has the same minutes, and each of these the same seconds. */
  private record Clock(List<Integer> hours, List<Integer> minutes, List<Integer> seconds) {
    int size() {
      return hours.size() * minutes.size() * seconds.size();
    }

    LocalTime at(int index) {
      int minute = index / seconds.size();
      return LocalTime.of(
          hours.get(minute / minutes.size()),
          minutes.get(minute % minutes.size()),
          seconds.get(index % seconds.size()));
    }

    @Nullable LocalTime from(LocalTime earliest) {
      int low = 0;
      int high = size();
      while (low < high) {
        int middle = (low + high) / 2;
        if (at(middle).isBefore(earliest)) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      return low < size() ? at(low) : null;
    }
  }
}
