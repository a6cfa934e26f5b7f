package dev.sheave.server.internal.pages;

import dev.sheave.SheaveException;
import dev.sheave.api.DeploymentApi;
import dev.sheave.api.DeploymentRecord;
import dev.sheave.api.Schedule;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * The schedule of a deployment.
 *
 * @param when the schedule itself
 * @param zone its time zone
 * @param catchUp what becomes of times that passed while nothing ran
 * @param isActive whether it is followed
 * @param next its next times
 * @param problem why it has none; empty if it has
 */
record ScheduleView(
    String when,
    String zone,
    String catchUp,
    boolean isActive,
    List<Instant> next,
    String problem) {
  private static final int SHOWN = 10;

  static ScheduleView of(DeploymentRecord deployment, Schedule schedule, DeploymentApi api) {
    List<Instant> next = List.of();
    String problem = "";
    try {
      next = api.previewSchedule(schedule, Instant.now(), SHOWN);
    } catch (SheaveException e) { // another program may have stored what can't be read here
      problem = e.getMessage();
    }
    return new ScheduleView(
        inWords(schedule),
        Objects.requireNonNullElse(schedule.timezone(), "UTC"),
        schedule.catchUp().name().toLowerCase(Locale.ROOT),
        !Boolean.FALSE.equals(deployment.spec().isScheduleActive()),
        next,
        problem);
  }

  private static String inWords(Schedule schedule) {
    if (schedule instanceof Schedule.Cron cron) {
      return "cron " + cron.cron() + (cron.dayOr() ? "" : ", on days that match both");
    }
    if (schedule instanceof Schedule.Interval interval) {
      return "every " + Show.duration(interval.interval());
    }
    return ((Schedule.RRule) schedule).rrule();
  }
}
