package dev.sheave.orchestrator.internal.run;

import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.State;
import dev.sheave.api.StateType;
import dev.sheave.api.TaskRunRecord;
import dev.sheave.orchestrator.internal.database.Times;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The counts and times of a run as it goes from state to state. The rules are the reference's. */
record RunProgress(
    int runCount,
    @Nullable Instant expectedStartTime,
    @Nullable Instant nextScheduledStartTime,
    @Nullable Instant startTime,
    @Nullable Instant endTime,
    Duration totalRunTime) {

  /** Of a run that has no state yet. */
  static final RunProgress NONE = new RunProgress(0, null, null, null, null, Duration.ZERO);

  /** Returns the columns of it, and of the state that it led to, in a table of runs. */
  Map<String, @Nullable Object> columns(State state) {
    Map<String, @Nullable Object> row = new LinkedHashMap<>();
    row.put("run_count", runCount);
    row.put("expected_start_time", expectedStartTime);
    row.put("next_scheduled_start_time", nextScheduledStartTime);
    row.put("start_time", startTime);
    row.put("end_time", endTime);
    row.put("total_run_time", Times.toMicros(totalRunTime));
    row.put("state_id", state.id());
    row.put("state_type", state.type().name());
    row.put("state_name", state.name());
    return row;
  }

  /** Sets it in a run. */
  FlowRunRecord.Builder setIn(FlowRunRecord.Builder run) {
    return run.runCount(runCount)
        .expectedStartTime(expectedStartTime)
        .nextScheduledStartTime(nextScheduledStartTime)
        .startTime(startTime)
        .endTime(endTime)
        .totalRunTime(totalRunTime);
  }

  static RunProgress of(FlowRunRecord run) {
    return new RunProgress(
        run.runCount(),
        run.expectedStartTime(),
        run.nextScheduledStartTime(),
        run.startTime(),
        run.endTime(),
        run.totalRunTime());
  }

  static RunProgress of(TaskRunRecord run) {
    return new RunProgress(
        run.runCount(),
        run.expectedStartTime(),
        run.nextScheduledStartTime(),
        run.startTime(),
        run.endTime(),
        run.totalRunTime());
  }

  /** This progress, with all retries still to come. */
  RunProgress anew() {
    return new RunProgress(
        0, expectedStartTime, nextScheduledStartTime, startTime, endTime, totalRunTime);
  }

  /** Returns the progress after a change of state. */
  RunProgress after(@Nullable State from, State to) {
    boolean isScheduled = to.type() == StateType.SCHEDULED;
    boolean isRunning = to.type() == StateType.RUNNING;
    Instant scheduledTime = to.stateDetails().scheduledTime();
    // going on after a pause is not another attempt
    boolean isAttempt =
        isRunning
            && (from == null || (from.type() != StateType.PAUSED && !SilentRuns.isSilent(from)));
    Instant start = isRunning && startTime == null ? to.timestamp() : startTime;
    return new RunProgress(
        isAttempt ? runCount + 1 : runCount,
        expectedStartTime != null
            ? expectedStartTime
            : isScheduled ? scheduledTime : to.timestamp(),
        isScheduled ? scheduledTime : null,
        start,
        endTimeAfter(from, to),
        from != null && from.type() == StateType.RUNNING
            ? totalRunTime.plus(Duration.between(from.timestamp(), to.timestamp()))
            : totalRunTime);
  }

  private @Nullable Instant endTimeAfter(@Nullable State from, State to) {
    if (!to.isTerminal()) {
      return null;
    }
    boolean wasTerminal = from != null && from.isTerminal();
    return wasTerminal && endTime != null ? endTime : to.timestamp();
  }
}
