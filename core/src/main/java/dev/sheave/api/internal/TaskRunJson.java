package dev.sheave.api.internal;

import dev.sheave.api.ConcurrencyLimitRecord;
import dev.sheave.api.NewTaskRun;
import dev.sheave.api.State;
import dev.sheave.api.StateType;
import dev.sheave.api.TaskRetryPolicy;
import dev.sheave.api.TaskRunRecord;
import java.time.Duration;
import java.time.Instant;

/** Task runs and their concurrency limits. */
public final class TaskRunJson {

  /** Policies of retries. */
  public static final RecordCodec<TaskRetryPolicy> POLICY =
      new RecordCodec<>(
          "retry policy",
          (policy, json) ->
              json.value("retries", policy.retries())
                  .secondsList("retry_delay", policy.delays())
                  .value("retry_jitter_factor", policy.jitterFactor())
                  .all(policy.more()),
          json ->
              new TaskRetryPolicy(
                  // older clients write the other two
                  json.number("retries", json.number("max_retries", 0)),
                  json.secondsList(
                      json.value("retry_delay") == null ? "retry_delay_seconds" : "retry_delay"),
                  json.decimalOrNull("retry_jitter_factor"),
                  json.rest("retries", "retry_delay", "retry_jitter_factor")));

  /** Task runs. */
  public static final RecordCodec<TaskRunRecord> RUN =
      new RecordCodec<>(
          "task run",
          (run, json) ->
              json.id("id", run.id())
                  .time("created", run.created())
                  .time("updated", run.updated())
                  .value("name", run.name())
                  .id("flow_run_id", run.flowRunId())
                  .value("task_key", run.taskKey())
                  .value("dynamic_key", run.dynamicKey())
                  .value("cache_key", run.cacheKey())
                  .time("cache_expiration", run.cacheExpiration())
                  .value("task_version", run.taskVersion())
                  .record("empirical_policy", POLICY, run.retries())
                  .value("tags", run.tags())
                  .id("state_id", run.state().id())
                  .value("task_inputs", run.taskInputs())
                  .name("state_type", run.state().type())
                  .value("state_name", run.state().name())
                  .value("run_count", run.runCount())
                  .value("flow_run_run_count", run.flowRunRunCount())
                  .time("expected_start_time", run.expectedStartTime())
                  .time("next_scheduled_start_time", run.nextScheduledStartTime())
                  .time("start_time", run.startTime())
                  .time("end_time", run.endTime())
                  .decimal("total_run_time", run.totalRunTime())
                  .decimal("estimated_run_time", run.estimatedRunTime(Instant.now()))
                  .decimal("estimated_start_time_delta", run.estimatedStartTimeDelta(Instant.now()))
                  .record("state", StateJson.STATE, run.state()),
          json ->
              TaskRunRecord.builder(
                      json.id("id"),
                      json.text("name"),
                      json.id("flow_run_id"),
                      json.text("task_key"),
                      json.text("dynamic_key"),
                      json.record("state", StateJson.STATE))
                  .created(json.time("created"))
                  .updated(json.time("updated"))
                  .cacheKey(json.textOrNull("cache_key"))
                  .cacheExpiration(json.timeOrNull("cache_expiration"))
                  .taskVersion(json.textOrNull("task_version"))
                  .retries(policy(json))
                  .tags(json.texts("tags"))
                  .taskInputs(json.object("task_inputs"))
                  .runCount(json.number("run_count", 0))
                  .flowRunRunCount(json.number("flow_run_run_count", 0))
                  .expectedStartTime(json.timeOrNull("expected_start_time"))
                  .nextScheduledStartTime(json.timeOrNull("next_scheduled_start_time"))
                  .startTime(json.timeOrNull("start_time"))
                  .endTime(json.timeOrNull("end_time"))
                  .totalRunTime(json.seconds("total_run_time", Duration.ZERO))
                  .build());

  /** Task runs to be created. */
  public static final RecordCodec<NewTaskRun> NEW_RUN =
      new RecordCodec<>(
          "task run",
          (run, json) ->
              json.record("state", StateJson.STATE, run.state())
                  .value("name", run.name())
                  .id("flow_run_id", run.flowRunId())
                  .value("task_key", run.taskKey())
                  .value("dynamic_key", run.dynamicKey())
                  .value("cache_key", run.cacheKey())
                  .time("cache_expiration", run.cacheExpiration())
                  .value("task_version", run.taskVersion())
                  .record("empirical_policy", POLICY, run.retries())
                  .value("tags", run.tags())
                  .value("task_inputs", run.taskInputs()),
          json ->
              NewTaskRun.builder(
                      json.value("state") == null
                          ? State.of(StateType.PENDING)
                          : json.record("state", StateJson.NEW_STATE),
                      json.id("flow_run_id"),
                      json.text("task_key"),
                      json.text("dynamic_key"))
                  .name(json.textOrNull("name"))
                  .cacheKey(json.textOrNull("cache_key"))
                  .cacheExpiration(json.timeOrNull("cache_expiration"))
                  .taskVersion(json.textOrNull("task_version"))
                  .retries(policy(json))
                  .tags(json.texts("tags"))
                  .taskInputs(json.object("task_inputs"))
                  .build());

  /** Concurrency limits. */
  public static final RecordCodec<ConcurrencyLimitRecord> CONCURRENCY_LIMIT =
      new RecordCodec<>(
          "concurrency limit",
          (limit, json) ->
              json.id("id", limit.id())
                  .time("created", limit.created())
                  .time("updated", limit.updated())
                  .value("tag", limit.tag())
                  .value("concurrency_limit", limit.limit())
                  .texts("active_slots", limit.activeSlots()),
          json ->
              new ConcurrencyLimitRecord(
                  json.id("id"),
                  json.time("created"),
                  json.time("updated"),
                  json.text("tag"),
                  json.number("concurrency_limit"),
                  json.ids("active_slots")));

  private TaskRunJson() {}

  private static TaskRetryPolicy policy(FieldReader json) {
    TaskRetryPolicy policy = json.recordOrNull("empirical_policy", POLICY);
    return policy == null ? TaskRetryPolicy.NONE : policy;
  }
}
