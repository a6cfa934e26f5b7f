package dev.sheave.cli.command;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.Schedule;
import dev.sheave.api.Schedule.CatchUp;
import dev.sheave.api.internal.TimeJson;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that make a schedule. */
final class ScheduleOptions {
  private static final int MICROS = 6;

  @Option(
      names = "--cron",
      paramLabel = "EXPRESSION",
      description = "Create runs at the times of a cron expression, such as '0 1 * * *'.")
  @Nullable String cron;

  @Option(
      names = "--day_or",
      negatable = true,
      description =
          "Whether one of a cron expression's day of the month and day of the week is enough."
              + " Default: it is.")
  @Nullable Boolean dayOr;

  @Option(
      names = "--interval",
      paramLabel = "SECONDS",
      description = "Create a run each time this many seconds have passed.")
  @Nullable BigDecimal interval;

  @Option(
      names = "--anchor-date",
      paramLabel = "TIME",
      description =
          "A time at which a run of the interval is due, such as 2026-01-01T08:00:00Z. Default:"
              + " midnight UTC of 1 January 2020.")
  @Nullable String anchorDate;

  @Option(
      names = "--rrule",
      paramLabel = "RULE",
      description = "Create runs at the times of a recurrence rule, such as 'FREQ=DAILY;BYHOUR=8'.")
  @Nullable String rrule;

  @Option(
      names = "--timezone",
      paramLabel = "ZONE",
      description = "The schedule's time zone, such as Europe/Berlin. Default: UTC.")
  @Nullable String timezone;

  @Option(
      names = "--catch-up",
      paramLabel = "WHICH",
      description =
          "Which of the times that passed while nothing ran have runs: all, latest or none."
              + " Default: all.")
  @Nullable CatchUp catchUp;

  /**
   * Returns the schedule that is given, null if none is.
   *
   * @throws UsageException for options that contradict each other
   */
  @Nullable Schedule schedule() {
    long kinds = Stream.of(cron != null, interval != null, rrule != null).filter(is -> is).count();
    if (kinds > 1) {
      throw new UsageException("Only one of --cron, --interval and --rrule can be given.");
    }
    if (anchorDate != null && interval == null) {
      throw new UsageException("--anchor-date requires --interval.");
    }
    if (dayOr != null && cron == null) {
      throw new UsageException("--day_or requires --cron.");
    }
    if (kinds == 0 && timezone != null) {
      throw new UsageException("--timezone requires one of --cron, --interval and --rrule.");
    }
    if (kinds == 0 && catchUp != null) {
      throw new UsageException("--catch-up requires one of --cron, --interval and --rrule.");
    }
    Schedule schedule = times();
    return schedule == null || catchUp == null ? schedule : schedule.withCatchUp(catchUp);
  }

  private @Nullable Schedule times() {
    if (cron != null) {
      return new Schedule.Cron(cron, timezone, dayOr == null || dayOr);
    }
    if (interval != null) {
      Instant anchor = anchorDate == null ? null : time(anchorDate);
      return new Schedule.Interval(seconds(interval), anchor, timezone);
    }
    return rrule == null ? null : new Schedule.RRule(rrule, timezone);
  }

  private static Duration seconds(BigDecimal seconds) {
    try {
      return Duration.of(seconds.movePointRight(MICROS).longValueExact(), ChronoUnit.MICROS);
    } catch (ArithmeticException e) {
      throw new SheaveException(
          Code.INVALID,
          "The interval '"
              + seconds
              + "' must be a number of seconds with up to six decimals, at most "
              + TimeJson.MAX_SECONDS
              + ".",
          e);
    }
  }

  private static Instant time(String text) {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      throw new SheaveException(
          Code.INVALID,
          "The anchor date '" + text + "' must be a time such as 2026-01-01T08:00:00Z.",
          e);
    }
  }
}
