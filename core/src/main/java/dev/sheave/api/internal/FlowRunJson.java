package dev.sheave.api.internal;

import dev.sheave.api.FlowRunApi.FlowRunUpdate;
import dev.sheave.api.FlowRunApi.LogLine;
import dev.sheave.api.FlowRunApi.NewLogLine;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.FlowRunRecord.CreatedBy;
import dev.sheave.api.FlowRunRecord.RetryPolicy;
import dev.sheave.api.NewFlowRun;
import dev.sheave.api.RunClaim;
import dev.sheave.api.RunFence;
import dev.sheave.api.RunLease;
import dev.sheave.api.State;
import java.time.Duration;
import java.time.Instant;

/** Flow runs and logs. */
public final class FlowRunJson {

  /** Policies of retries. */
  public static final RecordCodec<RetryPolicy> POLICY =
      new RecordCodec<>(
          "retry policy",
          (policy, json) ->
              json.value("retries", policy.retries())
                  .seconds("retry_delay", policy.delay())
                  .all(policy.more()),
          json ->
              new RetryPolicy(
                  // older clients write the other two
                  json.number("retries", json.number("max_retries", 0)),
                  json.seconds("retry_delay", json.seconds("retry_delay_seconds", Duration.ZERO)),
                  json.rest("retries", "retry_delay")));

  /** Creators of records. */
  public static final RecordCodec<CreatedBy> CREATED_BY =
      new RecordCodec<>(
          "creator",
          (creator, json) ->
              json.id("id", creator.id())
                  .value("type", creator.type())
                  .value("display_value", creator.displayValue()),
          json ->
              new CreatedBy(
                  json.idOrNull("id"), json.textOrNull("type"), json.textOrNull("display_value")));

  /** Leases of runs. */
  public static final RecordCodec<RunLease> LEASE =
      new RecordCodec<>(
          "lease",
          (lease, json) ->
              json.value("owner", lease.owner())
                  .value("epoch", lease.epoch())
                  .value("attempt", lease.attempt())
                  .time("end", lease.end())
                  .time("owner_heard", lease.ownerHeard())
                  .time("process_heard", lease.processHeard()),
          json ->
              new RunLease(
                  json.text("owner"),
                  json.number("epoch"),
                  json.number("attempt"),
                  json.time("end"),
                  json.time("owner_heard"),
                  json.timeOrNull("process_heard")));

  /** Claims to runs. */
  public static final RecordCodec<RunClaim> CLAIM =
      new RecordCodec<>(
          "claim",
          (claim, json) ->
              json.value("owner", claim.owner())
                  .seconds("lease", claim.lease())
                  .time("scheduled_before", claim.scheduledBefore())
                  .value("limit", claim.limit()),
          json ->
              new RunClaim(
                  json.text("owner"),
                  json.seconds("lease"),
                  json.time("scheduled_before"),
                  json.number("limit")));

  /** Flow runs. */
  public static final RecordCodec<FlowRunRecord> RUN =
      new RecordCodec<>(
          "flow run",
          (run, json) ->
              json.id("id", run.id())
                  .time("created", run.created())
                  .time("updated", run.updated())
                  .value("name", run.name())
                  .id("flow_id", run.flowId())
                  .value("flow_name", run.flowName())
                  .id("state_id", run.state().id())
                  .id("deployment_id", run.deploymentId())
                  .id("work_queue_id", run.workQueueId())
                  .value("work_queue_name", run.workQueueName())
                  .id("work_pool_id", run.workPoolId())
                  .value("work_pool_name", run.workPoolName())
                  .value("flow_version", run.flowVersion())
                  .value("parameters", run.parameters())
                  .value("idempotency_key", run.idempotencyKey())
                  .value("context", run.context())
                  .record("empirical_policy", POLICY, run.retries())
                  .value("tags", run.tags())
                  .id("parent_task_run_id", run.parentTaskRunId())
                  .name("state_type", run.state().type())
                  .value("state_name", run.state().name())
                  .value("run_count", run.runCount())
                  .time("expected_start_time", run.expectedStartTime())
                  .time("next_scheduled_start_time", run.nextScheduledStartTime())
                  .time("start_time", run.startTime())
                  .time("end_time", run.endTime())
                  .decimal("total_run_time", run.totalRunTime())
                  .decimal("estimated_run_time", run.estimatedRunTime(Instant.now()))
                  .decimal("estimated_start_time_delta", run.estimatedStartTimeDelta(Instant.now()))
                  .value("auto_scheduled", run.autoScheduled())
                  .id("infrastructure_document_id", run.infrastructureDocumentId())
                  .value("infrastructure_pid", run.infrastructurePid())
                  .value("infra_overrides", run.infraOverrides())
                  .record("created_by", CREATED_BY, run.createdBy())
                  .record("lease", LEASE, run.lease())
                  .record("state", StateJson.STATE, run.state()),
          json ->
              FlowRunRecord.builder(
                      json.id("id"),
                      json.text("name"),
                      json.id("flow_id"),
                      json.record("state", StateJson.STATE))
                  .created(json.time("created"))
                  .updated(json.time("updated"))
                  .flowName(json.text("flow_name", ""))
                  .deploymentId(json.idOrNull("deployment_id"))
                  .workQueueId(json.idOrNull("work_queue_id"))
                  .workQueueName(json.textOrNull("work_queue_name"))
                  .workPoolId(json.idOrNull("work_pool_id"))
                  .workPoolName(json.textOrNull("work_pool_name"))
                  .flowVersion(json.textOrNull("flow_version"))
                  .parameters(json.object("parameters"))
                  .idempotencyKey(json.textOrNull("idempotency_key"))
                  .context(json.object("context"))
                  .retries(policy(json))
                  .tags(json.texts("tags"))
                  .parentTaskRunId(json.idOrNull("parent_task_run_id"))
                  .runCount(json.number("run_count", 0))
                  .expectedStartTime(json.timeOrNull("expected_start_time"))
                  .nextScheduledStartTime(json.timeOrNull("next_scheduled_start_time"))
                  .startTime(json.timeOrNull("start_time"))
                  .endTime(json.timeOrNull("end_time"))
                  .totalRunTime(json.seconds("total_run_time", Duration.ZERO))
                  .autoScheduled(json.flag("auto_scheduled", false))
                  .infrastructureDocumentId(json.idOrNull("infrastructure_document_id"))
                  .infrastructurePid(json.textOrNull("infrastructure_pid"))
                  .infraOverrides(json.object("infra_overrides"))
                  .createdBy(json.recordOrNull("created_by", CREATED_BY))
                  .lease(json.recordOrNull("lease", LEASE))
                  .build());

  /** Flow runs to be created. */
  public static final RecordCodec<NewFlowRun> NEW_RUN =
      new RecordCodec<>(
          "flow run",
          (run, json) ->
              json.record("state", StateJson.STATE, run.state())
                  .value("name", run.name())
                  .value("parameters", run.parameters())
                  .value("context", run.context())
                  .value("tags", run.tags())
                  .value("idempotency_key", run.idempotencyKey())
                  .value("infra_overrides", run.infraOverrides())
                  .value("flow_version", run.flowVersion())
                  .id("infrastructure_document_id", run.infrastructureDocumentId())
                  .id("parent_task_run_id", run.parentTaskRunId())
                  .record("empirical_policy", POLICY, run.retries())
                  .value("auto_scheduled", run.autoScheduled())
                  .record("created_by", CREATED_BY, run.createdBy()),
          json ->
              NewFlowRun.builder(
                      json.value("state") == null
                          ? State.scheduledAt(Instant.now())
                          : json.record("state", StateJson.NEW_STATE))
                  .name(json.textOrNull("name"))
                  .parameters(json.object("parameters"))
                  .context(json.object("context"))
                  .tags(json.texts("tags"))
                  .idempotencyKey(json.textOrNull("idempotency_key"))
                  .infraOverrides(json.object("infra_overrides"))
                  .flowVersion(json.textOrNull("flow_version"))
                  .infrastructureDocumentId(json.idOrNull("infrastructure_document_id"))
                  .parentTaskRunId(json.idOrNull("parent_task_run_id"))
                  .retries(policy(json))
                  .autoScheduled(json.flag("auto_scheduled", false))
                  .createdBy(json.recordOrNull("created_by", CREATED_BY))
                  .build());

  /** Changes to flow runs. */
  public static final RecordCodec<FlowRunUpdate> UPDATE =
      new RecordCodec<>(
          "change of a flow run",
          (update, json) ->
              json.change("name", update.name(), value -> value)
                  .change("flow_version", update.flowVersion(), value -> value)
                  .change("infrastructure_pid", update.infrastructurePid(), value -> value)
                  .change("empirical_policy", update.retries(), POLICY::toJson)
                  .change("parameters", update.parameters(), value -> value)
                  .change("tags", update.tags(), value -> value)
                  .some(RunFence.EPOCH, update.fence().epoch())
                  .some(RunFence.ATTEMPT, update.fence().attempt()),
          json ->
              new FlowRunUpdate(
                  json.change("name", json::textOrNull),
                  json.change("flow_version", json::textOrNull),
                  json.change("infrastructure_pid", json::textOrNull),
                  json.change("empirical_policy", name -> json.recordOrNull(name, POLICY)),
                  json.change("parameters", json::objectOrNull),
                  json.change("tags", json::texts),
                  new RunFence(
                      json.numberOrNull(RunFence.EPOCH), json.numberOrNull(RunFence.ATTEMPT))));

  /** Log lines to be recorded. */
  public static final RecordCodec<NewLogLine> NEW_LOG_LINE =
      new RecordCodec<>(
          "log line",
          (line, json) ->
              json.value("name", line.name())
                  .value("level", line.level())
                  .value("message", line.message())
                  .time("timestamp", line.timestamp())
                  .id("flow_run_id", line.flowRunId())
                  .id("task_run_id", line.taskRunId()),
          json ->
              new NewLogLine(
                  json.id("flow_run_id"),
                  json.text("name"),
                  json.number("level"),
                  json.text("message"),
                  json.time("timestamp"),
                  json.idOrNull("task_run_id")));

  /** Recorded log lines. */
  public static final RecordCodec<LogLine> LOG_LINE =
      new RecordCodec<>(
          "log line",
          (line, json) -> json.id("id", line.id()).all(NEW_LOG_LINE.toJson(line.line())),
          json -> new LogLine(json.id("id"), json.same(NEW_LOG_LINE)));

  private FlowRunJson() {}

  private static RetryPolicy policy(FieldReader json) {
    RetryPolicy policy = json.recordOrNull("empirical_policy", POLICY);
    return policy == null ? RetryPolicy.NONE : policy;
  }
}
