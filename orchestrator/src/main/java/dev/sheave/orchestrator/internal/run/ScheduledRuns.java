package dev.sheave.orchestrator.internal.run;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.DeploymentApi.SchedulePeriod;
import dev.sheave.api.DeploymentRecord;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.NewFlowRun;
import dev.sheave.api.Schedule;
import dev.sheave.api.Schedule.CatchUp;
import dev.sheave.api.State;
import dev.sheave.api.StateDetails;
import dev.sheave.api.StateType;
import dev.sheave.orchestrator.internal.database.Row;
import dev.sheave.orchestrator.internal.database.StoreClock;
import dev.sheave.orchestrator.internal.deployment.DeploymentTable;
import dev.sheave.orchestrator.internal.deployment.JdbcDeploymentApi.ScheduleFollower;
import dev.sheave.orchestrator.internal.deployment.ScheduleColumns;
import dev.sheave.orchestrator.internal.deployment.ScheduleColumns.Followed;
import dev.sheave.orchestrator.internal.schedule.ScheduleTimes;
import dev.sheave.orchestrator.internal.schema.StoredSchema;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The runs that are created for schedules. */
public final class ScheduledRuns implements ScheduleFollower {
  /** How many runs are there ahead at least. */
  public static final int MIN_RUNS = 3;

  /** How far ahead they reach at least. */
  public static final Duration MIN_AHEAD = Duration.ofHours(1);

  /** How many runs are created ahead at most. */
  public static final int MAX_RUNS = 100;

  /** How far ahead they are created at most. */
  public static final Duration MAX_AHEAD = Duration.ofDays(100);

  /** How long after its time a run is late. */
  public static final Duration LATE_AFTER = Duration.ofSeconds(5);

  /** How long a run that isn't caught up with waits to be claimed. */
  static final Duration UNCLAIMED_FOR = Duration.ofMinutes(1);

  private static final int LATE_AT_ONCE = 200;

  /** For the API of deployments. */
  public ScheduledRuns() {}

  @Override
  public void follow(Handle handle, DeploymentRecord deployment) {
    createOf(handle, List.of(deployment));
  }

  @Override
  public void follow(Handle handle, DeploymentRecord deployment, SchedulePeriod period) {
    Schedule schedule = deployment.spec().schedule();
    if (schedule == null) {
      return;
    }
    Instant now = StoreClock.now(handle);
    int maxRuns = orElse(period.maxRuns(), MAX_RUNS);
    if (maxRuns > SchedulePeriod.MAX_RUNS) {
      throw new SheaveException(
          Code.INVALID,
          "At most "
              + SchedulePeriod.MAX_RUNS
              + " runs of a schedule can be created at once, not "
              + maxRuns
              + ".");
    }
    Instant from = orElse(period.from(), now);
    UUID queue = DeploymentTable.workQueueIdOf(handle, deployment.id());
    List<FlowRunRecord> runs =
        times(
                ScheduleTimes.of(schedule),
                from.minusNanos(1000), // the first time is of the period itself
                orElse(period.to(), now.plus(MAX_AHEAD)),
                from.plus(orElse(period.minTime(), MIN_AHEAD)),
                orElse(period.minRuns(), MIN_RUNS),
                maxRuns)
            .stream()
            .map(time -> newRun(deployment, queue, time, time.isAfter(now), now))
            .toList();
    insertMissing(handle, runs);
  }

  private static <T> T orElse(@Nullable T value, T absent) {
    return value == null ? absent : value;
  }

  /**
   * Creates the runs of deployments' schedules that aren't there yet. The deployments are read in
   * the same transaction, so that the runs are those of their present values; those that aren't
   * there are left out.
   */
  public static void create(Handle handle, List<UUID> deploymentIds) {
    createOf(handle, DeploymentTable.read(handle, deploymentIds));
  }

  /** Creates the runs of deployments that were read in the same transaction. */
  private static void createOf(Handle handle, List<DeploymentRecord> deployments) {
    Instant now = StoreClock.now(handle);
    Map<UUID, Followed> all =
        ScheduleColumns.read(handle, deployments.stream().map(DeploymentRecord::id).toList());
    List<FlowRunRecord> runs = new ArrayList<>();
    Map<UUID, Followed> next = new LinkedHashMap<>();
    for (DeploymentRecord deployment : deployments) {
      Followed followed = Objects.requireNonNull(all.get(deployment.id()));
      next.put(deployment.id(), plan(deployment, followed, now, runs));
    }
    insertMissing(handle, runs);
    deployments.forEach(deployment -> discard(handle, deployment, now));
    ScheduleColumns.set(handle, next);
  }

  /**
   * Adds the runs of a deployment that aren't there yet; returns how its schedule is followed when
   * they are.
   */
  private static Followed plan(
      DeploymentRecord deployment, Followed followed, Instant now, List<FlowRunRecord> runs) {
    UUID queue = followed.workQueueId();
    Schedule schedule = deployment.spec().schedule();
    if (schedule == null || Boolean.FALSE.equals(deployment.spec().isScheduleActive())) {
      return new Followed(null, null, queue);
    }
    ScheduleTimes times = ScheduleTimes.of(schedule);
    Instant until = orElse(followed.until(), now);
    List<Instant> missing = missed(times, schedule.catchUp(), until, now);
    List<Instant> ahead =
        times(times, now, now.plus(MAX_AHEAD), now.plus(MIN_AHEAD), MIN_RUNS, MAX_RUNS);
    ahead.stream().filter(time -> time.isAfter(until)).forEach(missing::add);
    if (!missing.isEmpty()) {
      StoredSchema.check(deployment.spec().parameterSchema(), Map.of());
    }
    missing.forEach(time -> runs.add(newRun(deployment, queue, time, true, now)));
    Instant last = ahead.isEmpty() ? now : ahead.get(ahead.size() - 1);
    return new Followed(
        last.isAfter(until) ? last : until, dueAgain(ahead, schedule.catchUp(), now), queue);
  }

  /**
   * Returns a run that isn't written yet.
   *
   * @param isOfSchedule whether it is deleted when the schedule changes, or nobody takes it in time
   */
  private static FlowRunRecord newRun(
      DeploymentRecord deployment,
      @Nullable UUID workQueueId,
      Instant time,
      boolean isOfSchedule,
      Instant now) {
    return FlowRunTransitions.newRun(
        deployment.spec().flowId(),
        deployment,
        workQueueId,
        NewFlowRun.builder(
                State.of(StateType.SCHEDULED, "Scheduled", "Flow run scheduled")
                    .withDetails(StateDetails.scheduledAt(time)))
            .tags(List.of("auto-scheduled"))
            .idempotencyKey("scheduled " + deployment.id() + " " + time)
            .autoScheduled(isOfSchedule)
            .build(),
        now);
  }

  /** Writes those runs whose idempotency keys aren't taken. */
  private static void insertMissing(Handle handle, List<FlowRunRecord> runs) {
    Set<String> taken = FlowRunTable.takenKeys(handle, runs);
    FlowRunTable.insert(
        handle, runs.stream().filter(run -> !taken.contains(run.idempotencyKey())).toList());
  }

  /** Returns the times, in order, for which there were no runs when they came: the last ones. */
  private static List<Instant> missed(
      ScheduleTimes times, CatchUp catchUp, Instant until, Instant now) {
    int most =
        switch (catchUp) {
          case ALL -> MAX_RUNS;
          case LATEST -> 1;
          case NONE -> 0;
        };
    Deque<Instant> missed = new ArrayDeque<>();
    // backwards from now: nobody wants the millions of times that a year of seconds has
    Duration back = Duration.ofMinutes(1);
    Instant from = now;
    while (missed.size() < most && from.isAfter(until)) {
      from = Collections.max(List.of(until, now.minus(back)));
      back = back.multipliedBy(2);
      missed.clear();
      Instant next = times.next(from);
      while (next != null && !next.isAfter(now)) {
        missed.add(next);
        if (missed.size() > most) {
          missed.remove();
        }
        next = times.next(next);
      }
    }
    return new ArrayList<>(missed);
  }

  /**
   * Returns times, in order, up to the last one or the most runs; but not more than the fewest runs
   * that reach far enough.
   */
  private static List<Instant> times(
      ScheduleTimes times, Instant after, Instant last, Instant atLeast, int minRuns, int maxRuns) {
    List<Instant> found = new ArrayList<>();
    Instant next = times.next(after);
    while (next != null
        && found.size() < maxRuns
        && !next.isAfter(last)
        && (found.isEmpty()
            || found.size() < minRuns
            || found.get(found.size() - 1).isBefore(atLeast))) {
      found.add(next);
      next = times.next(next);
    }
    return found;
  }

  /** Deletes late runs that nobody wants any more. */
  private static void discard(Handle handle, DeploymentRecord deployment, Instant now) {
    UUID deploymentId = deployment.id();
    Schedule schedule = deployment.spec().schedule();
    if (schedule == null
        || Boolean.FALSE.equals(deployment.spec().isScheduleActive())
        || schedule.catchUp() == CatchUp.ALL) {
      return;
    }
    Instant end = now.minus(UNCLAIMED_FOR);
    if (schedule.catchUp() == CatchUp.LATEST) {
      // the latest of those that are due stays
      Instant latest = latestDue(handle, deploymentId, now);
      end = latest.isBefore(end) ? latest : end;
    }
    ScheduleColumns.deleteRunsBefore(handle, deploymentId, end);
  }

  private static Instant latestDue(Handle handle, UUID deploymentId, Instant now) {
    return handle
        .createQuery(
            "select max(next_scheduled_start_time) as latest from flow_run"
                + " where deployment_id = :id and auto_scheduled and state_type = 'SCHEDULED'"
                + " and next_scheduled_start_time <= :now")
        .bind("id", deploymentId)
        .bind("now", now)
        .map((row, context) -> Optional.ofNullable(new Row(row).timeOrNull("latest")))
        .one()
        .orElse(Instant.EPOCH);
  }

  /** Returns when there will be fewer runs ahead than there have to be, or one to be discarded. */
  private static Instant dueAgain(List<Instant> ahead, CatchUp catchUp, Instant now) {
    Instant latest = now.plus(Duration.ofDays(1));
    if (catchUp != CatchUp.ALL && !ahead.isEmpty()) {
      Instant discarded = ahead.get(0).plus(UNCLAIMED_FOR);
      latest = discarded.isBefore(latest) ? discarded : latest;
    }
    if (ahead.size() < MIN_RUNS) {
      return latest;
    }
    Instant fewer = ahead.get(ahead.size() - MIN_RUNS);
    Instant nearer = ahead.get(ahead.size() - 1).minus(MIN_AHEAD);
    // the most runs may not reach far enough
    Instant half = ahead.get(ahead.size() / 2);
    return Collections.min(List.of(latest, fewer, nearer.isAfter(now) ? nearer : half));
  }

  /**
   * Calls runs late that should have begun, but for those that somebody is taking.
   *
   * @return whether there may be more
   */
  public static boolean markLate(Handle handle) {
    Instant now = StoreClock.now(handle);
    List<UUID> late =
        handle
            .createQuery(
                // only a run that is scheduled has such a time
                "select r.id from flow_run r where r.state_name = 'Scheduled'"
                    + " and r.next_scheduled_start_time < :before"
                    + " order by r.next_scheduled_start_time limit :limit<skipTaken>")
            .bind("before", now.minus(LATE_AFTER))
            .bind("limit", LATE_AT_ONCE)
            .map((row, context) -> new Row(row).id("id"))
            .list();
    if (!late.isEmpty()) {
      FlowRunTransitions.markLate(handle, FlowRunTable.read(handle, late), now);
    }
    return late.size() == LATE_AT_ONCE;
  }
}
