package dev.sheave.orchestrator.internal.schedule;

import java.util.List;
import java.util.Set;

/**
 * A field of a cron expression.
 *
 * @param kind which one
 * @param text as it was written
 * @param column where it starts, from 0
 * @param values the values that match, a bit each
 * @param hasLast whether the last day of the month matches
 * @param nthWeekdays weekdays that match once a month; if there are any, they alone match
 */
record CronField(
    Kind kind, String text, int column, long values, boolean hasLast, Set<NthWeekday> nthWeekdays) {
  /** In place of the number of a weekday: the last one of the month. */
  static final int LAST = -1;

  /**
   * A weekday of a month.
   *
   * @param weekday 0 is Sunday
   * @param nth from 1, or {@link #LAST}
   */
  record NthWeekday(int weekday, int nth) {}

  /** The fields in the order in which they are written. */
  enum Kind {
    MINUTE("minute", 0, 59, ""),
    HOUR("hour", 0, 23, ""),
    DAY("day of the month", 1, 31, ""),
    MONTH("month", 1, 12, "janfebmaraprmayjunjulaugsepoctnovdec"),
    WEEKDAY("day of the week", 0, 6, "sunmontuewedthufrisat"),
    SECOND("second", 0, 59, "");

    final String title;
    final int min;
    final int max;
    private final String names;

    Kind(String title, int min, int max, String names) {
      this.title = title;
      this.min = min;
      this.max = max;
      this.names = names;
    }

    /** Returns the value of a name of three letters, or -1. */
    int named(String name) {
      int index = name.length() == 3 ? names.indexOf(name) : -1;
      return index >= 0 && index % 3 == 0 ? index / 3 + min : -1;
    }
  }

  static CronField zero(Kind kind) {
    return new CronField(kind, "0", 0, 1, false, Set.of());
  }

  /** Whether all values match, so that a day is decided by the other field of days alone. */
  boolean isAnyBeside(CronField other) {
    long all = (2L << kind.max) - (1L << kind.min);
    return List.of(text.split(",")).contains("*")
        || text.equals("?")
        || (values == all && !hasLast && other.text.contains("*"));
  }

  boolean isRepeated() {
    return text.contains("*") || text.contains("/");
  }

  boolean has(int value) {
    return (values >> value & 1) != 0;
  }

  boolean hasNth(int weekday, int nth) {
    return nthWeekdays.contains(new NthWeekday(weekday, nth));
  }

  /** Returns the first value that isn't less than another one, or -1. */
  int from(int least) {
    long rest = least > kind.max ? 0 : values >> least << least;
    return rest == 0 ? -1 : Long.numberOfTrailingZeros(rest);
  }
}
