package dev.sheave.api;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.internal.Arguments;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * When runs of a deployment are created by themselves. Times are those of the time zone, an IANA
 * name such as {@code Europe/Berlin}; null for UTC.
 */
public sealed interface Schedule {

  /** The time zone; null for UTC. */
  @Nullable String timezone();

  /** What becomes of times that passed while nothing ran; {@link CatchUp#ALL} by default. */
  CatchUp catchUp();

  /** Returns this schedule with another way to catch up. */
  Schedule withCatchUp(CatchUp value);

  /** What becomes of times that passed while nothing created or took runs. Not in the protocol. */
  enum CatchUp {
    /** Each has its run; at most 100 of those that weren't created. */
    ALL,
    /** Only the latest has. */
    LATEST,
    /** None has: a run that nobody takes within a minute of its time is deleted. */
    NONE
  }

  /**
   * A cron expression.
   *
   * @param cron the expression, such as {@code 0 1 * * *}
   * @param timezone the time zone; null for UTC
   * @param dayOr whether it is enough that one of the day of the month and the day of the week
   *     matches if both are given, as in cron; otherwise both must match
   * @param catchUp what becomes of missed times
   */
  record Cron(String cron, @Nullable String timezone, boolean dayOr, CatchUp catchUp)
      implements Schedule {
    /**
     * Checks the values.
     *
     * @throws SheaveException {@code INVALID} for an empty expression or an unknown time zone
     */
    public Cron {
      checkText(cron, "cron");
      checkZone(timezone);
      Arguments.notNull(catchUp, "catchUp");
    }

    /** A cron expression in a time zone, null for UTC. */
    public Cron(String cron, @Nullable String timezone) {
      this(cron, timezone, true);
    }

    /** A cron expression whose missed times are all caught up with. */
    public Cron(String cron, @Nullable String timezone, boolean dayOr) {
      this(cron, timezone, dayOr, CatchUp.ALL);
    }

    @Override
    public Cron withCatchUp(CatchUp value) {
      return new Cron(cron, timezone, dayOr, value);
    }
  }

  /**
   * A fixed interval.
   *
   * @param interval the time between two runs
   * @param anchorDate a time at which a run is due, from which the others are counted; null for
   *     midnight UTC of 1 January 2020
   * @param timezone the time zone; in it, intervals of a day or more keep the time of the day even
   *     if the clock changes; null for UTC
   * @param catchUp what becomes of missed times
   */
  record Interval(
      Duration interval, @Nullable Instant anchorDate, @Nullable String timezone, CatchUp catchUp)
      implements Schedule {
    /**
     * Checks the values.
     *
     * @throws SheaveException {@code INVALID} for an interval that isn't positive, or an unknown
     *     time zone
     */
    public Interval {
      Arguments.notNull(interval, "interval");
      Arguments.notNull(catchUp, "catchUp");
      if (interval.isZero() || interval.isNegative()) {
        throw new SheaveException(
            Code.INVALID, "The 'interval' of a schedule must be more than 0 seconds.");
      }
      checkZone(timezone);
    }

    /** An interval whose missed times are all caught up with. */
    public Interval(Duration interval, @Nullable Instant anchorDate, @Nullable String timezone) {
      this(interval, anchorDate, timezone, CatchUp.ALL);
    }

    @Override
    public Interval withCatchUp(CatchUp value) {
      return new Interval(interval, anchorDate, timezone, value);
    }
  }

  /**
   * A recurrence rule of RFC 5545.
   *
   * @param rrule the rule, such as {@code FREQ=DAILY;BYHOUR=8}; without {@code DTSTART} it counts
   *     from midnight of 1 January 2020 in the time zone
   * @param timezone the time zone; null for UTC
   * @param catchUp what becomes of missed times
   */
  record RRule(String rrule, @Nullable String timezone, CatchUp catchUp) implements Schedule {
    /**
     * Checks the values.
     *
     * @throws SheaveException {@code INVALID} for an empty rule or an unknown time zone
     */
    public RRule {
      checkText(rrule, "rrule");
      checkZone(timezone);
      Arguments.notNull(catchUp, "catchUp");
    }

    /** A rule whose missed times are all caught up with. */
    public RRule(String rrule, @Nullable String timezone) {
      this(rrule, timezone, CatchUp.ALL);
    }

    @Override
    public RRule withCatchUp(CatchUp value) {
      return new RRule(rrule, timezone, value);
    }
  }

  /**
   * Returns a time zone of the names that schedules take: those of {@link ZoneId}, and three of
   * IANA's that it takes for abbreviations.
   *
   * @throws DateTimeException if there is no zone of the name
   */
  static ZoneId zoneNamed(String name) {
    return ZoneId.of(
        Arguments.notNull(name, "name"), Map.of("EST", "-05:00", "MST", "-07:00", "HST", "-10:00"));
  }

  private static void checkText(String text, String name) {
    if (Arguments.notNull(text, name).isBlank()) {
      throw new SheaveException(
          Code.INVALID, "The '" + name + "' of a schedule must not be empty.");
    }
  }

  private static void checkZone(@Nullable String zone) {
    if (zone == null) {
      return;
    }
    try {
      zoneNamed(zone);
    } catch (DateTimeException e) {
      throw new SheaveException(
          Code.INVALID,
          "The schedule's time zone '"
              + zone
              + "' doesn't exist; use a name such as Europe/Berlin.",
          e);
    }
  }
}
