package dev.sheave.orchestrator.internal.schedule;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.Schedule;
import dev.sheave.api.internal.TimeJson;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The times of a schedule. Expressions and rules are about times that a clock on the wall shows;
 * here they become instants.
 *
 * <p>A time that the clock skips, when it goes forward, comes at the first moment after the gap.
 * One that it shows twice comes once, the first time. Schedules that run all day (cron expressions
 * with a wildcard or a step in minute or hour, rules more frequent than daily) follow the elapsed
 * time: they come in both of the hours that the clock shows twice; if they would have come in the
 * gap, and don't come in the same span after it, they come at its end. Intervals of a day or more
 * keep the time of the day, shorter ones the elapsed time.
 *
 * <p>Not safe for use by several threads.
 */
public final class ScheduleTimes {
  /** The shortest interval. */
  public static final Duration MIN_INTERVAL = Duration.ofSeconds(1);

  /** From when intervals and rules without anchor count: midnight, of intervals in UTC. */
  static final LocalDateTime DEFAULT_ANCHOR = LocalDateTime.of(2020, 1, 1, 0, 0);

  private static final Duration DAY = Duration.ofDays(1);

  private final LocalTimes times;
  private final ZoneId zone;
  private final boolean followsElapsedTime;

  private ScheduleTimes(LocalTimes times, ZoneId zone, boolean followsElapsedTime) {
    this.times = times;
    this.zone = zone;
    this.followsElapsedTime = followsElapsedTime;
  }

  /**
   * Reads a schedule.
   *
   * @throws SheaveException {@code INVALID}, with a column and a hint, for an expression or a rule
   *     that can't be read or never comes
   */
  public static ScheduleTimes of(Schedule schedule) {
    if (schedule instanceof Schedule.Cron cron) {
      CronExpression expression = CronExpression.parse(cron.cron(), cron.dayOr());
      return new ScheduleTimes(expression, zone(cron), expression.runsAllDay());
    }
    if (schedule instanceof Schedule.RRule rule) {
      RecurrenceSet set = RecurrenceSet.parse(rule.rrule(), rule.timezone());
      return new ScheduleTimes(set, set.zone(), set.runsAllDay());
    }
    return ofInterval((Schedule.Interval) schedule);
  }

  private static ScheduleTimes ofInterval(Schedule.Interval schedule) {
    Duration interval = schedule.interval();
    if (interval.compareTo(MIN_INTERVAL) < 0) {
      throw new SheaveException(
          Code.INVALID, "The 'interval' of a schedule must be at least 1 second.");
    }
    if (interval.compareTo(Duration.ofSeconds(TimeJson.MAX_SECONDS)) > 0) {
      throw new SheaveException(
          Code.INVALID,
          "The 'interval' of a schedule must be at most " + TimeJson.MAX_SECONDS + " seconds.");
    }
    ZoneId zone = interval.compareTo(DAY) < 0 ? ZoneOffset.UTC : zone(schedule);
    Instant given = schedule.anchorDate();
    Instant anchor = given != null ? given : DEFAULT_ANCHOR.toInstant(ZoneOffset.UTC);
    if (!TimeJson.isReadable(anchor)) {
      throw new SheaveException(
          Code.INVALID,
          "The anchor date of a schedule must be of the years 1 to 9999, not " + anchor + ".");
    }
    LocalDateTime start = LocalDateTime.ofInstant(anchor, zone);
    return new ScheduleTimes(every(interval, start), zone, false);
  }

  private static LocalTimes every(Duration interval, LocalDateTime anchor) {
    return earliest -> {
      Duration distance = Duration.between(anchor, earliest);
      long count = distance.dividedBy(interval);
      LocalDateTime time = anchor.plus(interval.multipliedBy(count));
      while (time.isBefore(earliest)) {
        time = time.plus(interval);
      }
      // distances before the anchor are rounded towards it
      while (!time.minus(interval).isBefore(earliest)) {
        time = time.minus(interval);
      }
      return time;
    };
  }

  private static ZoneId zone(Schedule schedule) {
    return zone(schedule.timezone());
  }

  static ZoneId zone(@Nullable String name) {
    return name == null ? ZoneOffset.UTC : Schedule.zoneNamed(name);
  }

  /** Returns the next times after a moment, fewer than asked for if the schedule ends. */
  public List<Instant> after(Instant moment, int count) {
    List<Instant> found = new ArrayList<>();
    Instant last = moment;
    while (found.size() < count) {
      Instant next = next(last);
      if (next == null) {
        break;
      }
      found.add(next);
      last = next;
    }
    return found;
  }

  /** Returns the first time after a moment; null if there is none. */
  public @Nullable Instant next(Instant moment) {
    try {
      Instant next = followsElapsedTime ? nextElapsed(moment) : nextOnTheWall(moment);
      return next == null || TimeJson.isReadable(next) ? next : null;
    } catch (DateTimeException | ArithmeticException e) {
      return null; // the end of the calendar
    }
  }

  private @Nullable Instant nextOnTheWall(Instant moment) {
    LocalDateTime earliest = LocalDateTime.ofInstant(moment, zone);
    // the clock may have been set back since then: what comes twice came already
    while (true) {
      LocalDateTime time = times.from(earliest);
      if (time == null) {
        return null;
      }
      Instant next = instant(time);
      if (next.isAfter(moment)) {
        return next;
      }
      earliest = time.plusNanos(1);
    }
  }

  private Instant instant(LocalDateTime time) {
    ZoneOffsetTransition change = zone.getRules().getTransition(time);
    if (change == null) {
      return time.toInstant(zone.getRules().getOffset(time));
    }
    return change.isGap() ? change.getInstant() : time.toInstant(change.getOffsetBefore());
  }

  private @Nullable Instant nextElapsed(Instant moment) {
    Instant from = moment.plusNanos(1);
    while (true) {
      ZoneOffset offset = zone.getRules().getOffset(from);
      LocalDateTime time = times.from(LocalDateTime.ofInstant(from, offset));
      if (time == null) {
        return null;
      }
      Instant next = time.toInstant(offset);
      ZoneOffsetTransition change = zone.getRules().nextTransition(from);
      if (change == null || next.isBefore(change.getInstant())) {
        return next;
      }
      if (change.isGap() && fallsInto(change)) {
        return change.getInstant();
      }
      from = change.getInstant();
    }
  }

  /** Whether the times in a gap would be lost: none comes in the same span after it. */
  private boolean fallsInto(ZoneOffsetTransition gap) {
    LocalDateTime end = gap.getDateTimeAfter();
    LocalDateTime inGap = times.from(gap.getDateTimeBefore());
    if (inGap == null || !inGap.isBefore(end)) {
      return false;
    }
    LocalDateTime after = times.from(end);
    return after == null || !after.isBefore(end.plus(gap.getDuration()));
  }
}
