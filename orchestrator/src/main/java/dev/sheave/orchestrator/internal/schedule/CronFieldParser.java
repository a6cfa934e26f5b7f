package dev.sheave.orchestrator.internal.schedule;

import dev.sheave.SheaveException;
import dev.sheave.orchestrator.internal.schedule.CronField.Kind;
import dev.sheave.orchestrator.internal.schedule.CronField.NthWeekday;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads a field of a cron expression: a list of values, ranges and steps. */
final class CronFieldParser {
  private static final Pattern ITEM =
      Pattern.compile("(?<low>\\*|[^-/]+)(?:-(?<high>[^-/]+))?(?:/(?<step>.+))?");
  private static final Pattern BY_CHANCE = Pattern.compile("[rh](?:\\(.*)?(?:/.*)?");
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");
  private static final Pattern NTH =
      Pattern.compile("(?<range>\\w+|[a-z]+-[a-z]+)#0*(?<nth>[1-5])");
  private static final Pattern LAST = Pattern.compile("l0*(?<weekday>[0-7])");

  private final String expression;
  private final Kind kind;
  private final String text;
  private final int column;
  private final Set<NthWeekday> nthWeekdays = new LinkedHashSet<>();
  private long values;
  private long listed;
  private boolean hasAny;
  private boolean hasLast;

  /**
   * Starts.
   *
   * @param expression the whole expression, for messages
   * @param column where the field starts in it, from 0
   */
  CronFieldParser(String expression, Kind kind, String text, int column) {
    this.expression = expression;
    this.kind = kind;
    this.text = text.toLowerCase(Locale.ROOT);
    this.column = column;
  }

  CronField parse() {
    boolean isDay = kind == Kind.DAY || kind == Kind.WEEKDAY;
    if (text.equals("?") && isDay) {
      values = range("*", null, "1", column);
    } else {
      int start = 0;
      for (String item : text.split(",", -1)) {
        parse(item, column + start);
        start += item.length() + 1;
      }
    }
    checkWeekdays();
    if (hasLast && Long.bitCount(values) == Kind.DAY.max - 1) {
      // croniter counts L as the day that is missing
      values = range("*", null, "1", column);
      hasLast = false;
    }
    return new CronField(kind, text, column, values, hasLast, Set.copyOf(nthWeekdays));
  }

  /**
   * Refuses weekdays that come each week beside others that come once a month. Croniter leaves out
   * those that are the same days, or that together with the others are all.
   */
  private void checkWeekdays() {
    if (nthWeekdays.isEmpty()) {
      return;
    }
    long once = 0;
    for (NthWeekday each : nthWeekdays) {
      once |= 1L << each.weekday();
    }
    int size = Long.bitCount(listed | once) + (hasAny ? 1 : 0);
    if ((listed & ~once) != 0 && size != Kind.WEEKDAY.max + 1) {
      throw problem(
          column,
          "mixes days of each week with days of a month such as 5#2 in '"
              + text
              + "'; write one of both");
    }
    values |= once;
  }

  private void parse(String item, int at) {
    Matcher nth = NTH.matcher(item);
    Matcher last = LAST.matcher(item);
    if (kind == Kind.WEEKDAY && nth.matches()) {
      addWeekdays(parseRange(nth.group("range"), at), Integer.parseInt(nth.group("nth")));
    } else if (kind == Kind.WEEKDAY && last.matches()) {
      addWeekdays(1L << value(last.group("weekday"), at), CronField.LAST);
    } else if (kind == Kind.DAY && item.equals("l")) {
      hasLast = true;
    } else {
      long found = parseRange(item, at);
      values |= found;
      hasAny |= item.equals("*");
      listed |= item.equals("*") ? 0 : found;
    }
  }

  private void addWeekdays(long weekdays, int nth) {
    for (int weekday = 0; weekday <= Kind.WEEKDAY.max; weekday++) {
      if ((weekdays >> weekday & 1) != 0) {
        nthWeekdays.add(new NthWeekday(weekday, nth));
      }
    }
  }

  private long parseRange(String item, int at) {
    if (BY_CHANCE.matcher(item).matches()) {
      throw problem(at, "has '" + item + "', a time by chance or by hash; write a fixed value");
    }
    Matcher parts = ITEM.matcher(item);
    if (!parts.matches()) {
      throw problem(
          at,
          "has '"
              + item
              + "' as its "
              + kind.title
              + "; write values, ranges and steps such as 1,5-9,*/2");
    }
    String step = parts.group("step");
    return range(parts.group("low"), parts.group("high"), step, at);
  }

  private long range(String low, @Nullable String high, @Nullable String step, int at) {
    int by = step == null ? 1 : step(step, at);
    if (low.equals("*") && high == null) {
      return bits(kind.min, kind.max, by);
    }
    int first = value(low, at);
    if (high == null) {
      return bits(first, step == null ? first : kind.max, by);
    }
    int last = kind == Kind.DAY && high.equals("l") ? kind.max : value(high, at);
    if (first == last) {
      return bits(kind.min, kind.max, by); // once around
    }
    if (first < last) {
      return bits(first, last, by);
    }
    // over the end of the field, and on from its start; where is croniter's choice
    int reached = first + (kind.max - first) / by * by;
    int left = kind.max - reached;
    int skipped = reached - kind.min + by > kind.max - kind.min + 1 && left < by ? by - left : 0;
    return bits(first, kind.max, by) | bits(kind.min + skipped, last, by);
  }

  private static long bits(int first, int last, int step) {
    long found = 0;
    for (int value = first; value <= last; value += step) {
      found |= 1L << value;
    }
    return found;
  }

  private int step(String step, int at) {
    int by = number(step);
    if (by <= 0) {
      throw problem(at, "has the step '" + step + "'; write a number of 1 or more");
    }
    return by;
  }

  private int value(String word, int at) {
    int value = kind.named(word);
    if (value < 0) {
      value = number(word);
    }
    if (kind == Kind.WEEKDAY && value == 7) {
      value = 0;
    }
    if (value < kind.min || value > kind.max) {
      throw problem(
          at,
          "has '"
              + word
              + "' as its "
              + kind.title
              + "; it must be between "
              + kind.min
              + " and "
              + (kind == Kind.WEEKDAY ? 7 : kind.max));
    }
    return value;
  }

  private static int number(String word) {
    return NUMBER.matcher(word).matches() ? Integer.parseInt(word) : -1;
  }

  private SheaveException problem(int at, String what) {
    return CronExpression.problem(expression, at, what);
  }
}
