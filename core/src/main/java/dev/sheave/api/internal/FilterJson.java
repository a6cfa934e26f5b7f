package dev.sheave.api.internal;

import dev.sheave.api.DeploymentFilter;
import dev.sheave.api.FieldMatch;
import dev.sheave.api.FlowFilter;
import dev.sheave.api.FlowRunFilter;
import dev.sheave.api.HistoryInterval;
import dev.sheave.api.HistoryInterval.StateCount;
import dev.sheave.api.LogFilter;
import dev.sheave.api.Operator;
import dev.sheave.api.RecordFilter;
import dev.sheave.api.StateMatch;
import dev.sheave.api.StateType;
import dev.sheave.api.TagMatch;
import dev.sheave.api.TaskRunFilter;
import dev.sheave.api.TimeMatch;
import dev.sheave.api.WorkPoolFilter;
import dev.sheave.api.WorkQueueFilter;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Filters, in which an absent part matches everything, and the counts of histories. */
public final class FilterJson {
  static final RecordCodec<FieldMatch<String>> TEXT = match(FieldReader::textSetOrNull);
  static final RecordCodec<FieldMatch<UUID>> ID = match(FieldReader::idSetOrNull);
  private static final RecordCodec<FieldMatch<StateType>> STATE_TYPE =
      match((json, name) -> json.constantSetOrNull(name, StateType.class));

  /** Filters of times. */
  public static final RecordCodec<TimeMatch> TIME =
      new RecordCodec<>(
              "filter of times",
              (match, json) ->
                  json.some("before_", FieldWriter.time(match.before()))
                      .some("after_", FieldWriter.time(match.after()))
                      .some("is_null_", match.isNull()),
              json ->
                  new TimeMatch(
                      json.timeOrNull("before_"),
                      json.timeOrNull("after_"),
                      json.flagOrNull("is_null_")))
          .strict();

  static final RecordCodec<TagMatch> TAGS =
      new RecordCodec<>(
              "filter of tags",
              (match, json) -> {
                operator(match.operator(), json);
                if (match.all() != null) {
                  json.texts("all_", match.all());
                }
                json.some("is_null_", match.isNull());
              },
              json ->
                  new TagMatch(
                      operator(json), json.textSetOrNull("all_"), json.flagOrNull("is_null_")))
          .strict();

  private static final RecordCodec<StateMatch> STATE =
      new RecordCodec<>(
              "filter of states",
              (match, json) -> {
                operator(match.operator(), json);
                json.unless("type", STATE_TYPE, match.type(), FieldMatch.any())
                    .unless("name", TEXT, match.name(), FieldMatch.any());
              },
              json ->
                  new StateMatch(
                      operator(json),
                      json.record("type", STATE_TYPE, FieldMatch.any()),
                      json.record("name", TEXT, FieldMatch.any())))
          .strict();

  private record Exists(@Nullable Boolean value) {
    static final Exists ANY = new Exists(null);
  }

  private static final RecordCodec<Exists> EXISTS =
      new RecordCodec<>(
              "filter",
              (filter, json) -> json.some("exists_", filter.value()),
              json -> new Exists(json.flagOrNull("exists_")))
          .strict();

  private static final RecordCodec<Exists> EQUAL =
      new RecordCodec<>(
              "filter",
              (filter, json) -> json.some("eq_", filter.value()),
              json -> new Exists(json.flagOrNull("eq_")))
          .strict();

  private record Levels(@Nullable Integer min, @Nullable Integer max) {
    static final Levels ALL = new Levels(null, null);
  }

  private static final RecordCodec<Levels> LEVELS =
      new RecordCodec<>(
              "filter of levels",
              (levels, json) -> json.some("ge_", levels.min()).some("le_", levels.max()),
              json -> new Levels(json.numberOrNull("ge_"), json.numberOrNull("le_")))
          .strict();

  /** Filters of flows. */
  public static final RecordCodec<FlowFilter> FLOWS =
      new RecordCodec<>(
              "filter of flows",
              (filter, json) -> {
                operator(filter.operator(), json);
                json.unless("id", ID, filter.id(), FieldMatch.any())
                    .unless("name", TEXT, filter.name(), FieldMatch.any())
                    .unless("tags", TAGS, filter.tags(), TagMatch.ANY);
              },
              json ->
                  new FlowFilter(
                      operator(json),
                      json.record("id", ID, FieldMatch.any()),
                      json.record("name", TEXT, FieldMatch.any()),
                      json.record("tags", TAGS, TagMatch.ANY)))
          .strict();

  /** Filters of flow runs. */
  public static final RecordCodec<FlowRunFilter> FLOW_RUNS =
      new RecordCodec<>(
              "filter of flow runs",
              (filter, json) -> {
                operator(filter.operator(), json);
                json.unless("id", ID, filter.id(), FieldMatch.any())
                    .unless("name", TEXT, filter.name(), FieldMatch.any())
                    .unless("tags", TAGS, filter.tags(), TagMatch.ANY)
                    .unless("deployment_id", ID, filter.deploymentId(), FieldMatch.any())
                    .unless("work_queue_name", TEXT, filter.workQueueName(), FieldMatch.any())
                    .unless("state", STATE, filter.state(), StateMatch.ANY)
                    .unless("flow_version", TEXT, filter.flowVersion(), FieldMatch.any())
                    .unless("start_time", TIME, filter.startTime(), TimeMatch.ANY)
                    .unless("expected_start_time", TIME, filter.expectedStartTime(), TimeMatch.ANY)
                    .unless(
                        "next_scheduled_start_time",
                        TIME,
                        filter.nextScheduledStartTime(),
                        TimeMatch.ANY)
                    .unless("parent_task_run_id", ID, filter.parentTaskRunId(), FieldMatch.any())
                    .unless("idempotency_key", TEXT, filter.idempotencyKey(), FieldMatch.any())
                    .unless("lease_owner", TEXT, filter.leaseOwner(), FieldMatch.any())
                    .unless("lease_end", TIME, filter.leaseEnd(), TimeMatch.ANY)
                    .unless("end_time", TIME, filter.endTime(), TimeMatch.ANY);
              },
              json ->
                  FlowRunFilter.builder()
                      .operator(operator(json))
                      .id(json.record("id", ID, FieldMatch.any()))
                      .name(json.record("name", TEXT, FieldMatch.any()))
                      .tags(json.record("tags", TAGS, TagMatch.ANY))
                      .deploymentId(json.record("deployment_id", ID, FieldMatch.any()))
                      .workQueueName(json.record("work_queue_name", TEXT, FieldMatch.any()))
                      .state(json.record("state", STATE, StateMatch.ANY))
                      .flowVersion(json.record("flow_version", TEXT, FieldMatch.any()))
                      .startTime(json.record("start_time", TIME, TimeMatch.ANY))
                      .expectedStartTime(json.record("expected_start_time", TIME, TimeMatch.ANY))
                      .nextScheduledStartTime(
                          json.record("next_scheduled_start_time", TIME, TimeMatch.ANY))
                      .parentTaskRunId(json.record("parent_task_run_id", ID, FieldMatch.any()))
                      .idempotencyKey(json.record("idempotency_key", TEXT, FieldMatch.any()))
                      .leaseOwner(json.record("lease_owner", TEXT, FieldMatch.any()))
                      .leaseEnd(json.record("lease_end", TIME, TimeMatch.ANY))
                      .endTime(json.record("end_time", TIME, TimeMatch.ANY))
                      .build())
          .strict();

  /** Filters of task runs. */
  public static final RecordCodec<TaskRunFilter> TASK_RUNS =
      new RecordCodec<>(
              "filter of task runs",
              (filter, json) -> {
                operator(filter.operator(), json);
                json.unless("id", ID, filter.id(), FieldMatch.any())
                    .unless("name", TEXT, filter.name(), FieldMatch.any())
                    .unless("tags", TAGS, filter.tags(), TagMatch.ANY)
                    .unless("state", STATE, filter.state(), StateMatch.ANY)
                    .unless("start_time", TIME, filter.startTime(), TimeMatch.ANY)
                    .unless("subflow_runs", EXISTS, new Exists(filter.isSubflow()), Exists.ANY);
              },
              json ->
                  new TaskRunFilter(
                      operator(json),
                      json.record("id", ID, FieldMatch.any()),
                      json.record("name", TEXT, FieldMatch.any()),
                      json.record("tags", TAGS, TagMatch.ANY),
                      json.record("state", STATE, StateMatch.ANY),
                      json.record("start_time", TIME, TimeMatch.ANY),
                      json.record("subflow_runs", EXISTS, Exists.ANY).value()))
          .strict();

  /** Filters of deployments. */
  public static final RecordCodec<DeploymentFilter> DEPLOYMENTS =
      new RecordCodec<>(
              "filter of deployments",
              (filter, json) -> {
                operator(filter.operator(), json);
                json.unless("id", ID, filter.id(), FieldMatch.any())
                    .unless("name", TEXT, filter.name(), FieldMatch.any())
                    .unless(
                        "is_schedule_active",
                        EQUAL,
                        new Exists(filter.isScheduleActive()),
                        Exists.ANY)
                    .unless("tags", TAGS, filter.tags(), TagMatch.ANY)
                    .unless("work_queue_name", TEXT, filter.workQueueName(), FieldMatch.any());
              },
              json ->
                  new DeploymentFilter(
                      operator(json),
                      json.record("id", ID, FieldMatch.any()),
                      json.record("name", TEXT, FieldMatch.any()),
                      json.record("is_schedule_active", EQUAL, Exists.ANY).value(),
                      json.record("tags", TAGS, TagMatch.ANY),
                      json.record("work_queue_name", TEXT, FieldMatch.any())))
          .strict();

  /** Filters of work pools. */
  public static final RecordCodec<WorkPoolFilter> WORK_POOLS =
      new RecordCodec<>(
              "filter of work pools",
              (filter, json) -> {
                operator(filter.operator(), json);
                json.unless("id", ID, filter.id(), FieldMatch.any())
                    .unless("name", TEXT, filter.name(), FieldMatch.any())
                    .unless("type", TEXT, filter.type(), FieldMatch.any());
              },
              json ->
                  new WorkPoolFilter(
                      operator(json),
                      json.record("id", ID, FieldMatch.any()),
                      json.record("name", TEXT, FieldMatch.any()),
                      json.record("type", TEXT, FieldMatch.any())))
          .strict();

  /** Filters of work queues. */
  public static final RecordCodec<WorkQueueFilter> WORK_QUEUES =
      new RecordCodec<>(
              "filter of work queues",
              (filter, json) -> {
                operator(filter.operator(), json);
                json.unless("id", ID, filter.id(), FieldMatch.any())
                    .unless("name", TEXT, filter.name(), FieldMatch.any());
              },
              json ->
                  new WorkQueueFilter(
                      operator(json),
                      json.record("id", ID, FieldMatch.any()),
                      json.record("name", TEXT, FieldMatch.any())))
          .strict();

  /** Filters of log lines. */
  public static final RecordCodec<LogFilter> LOGS =
      new RecordCodec<>(
              "filter of log lines",
              (filter, json) -> {
                operator(filter.operator(), json);
                json.unless(
                        "level",
                        LEVELS,
                        new Levels(filter.minLevel(), filter.maxLevel()),
                        Levels.ALL)
                    .unless("timestamp", TIME, filter.timestamp(), TimeMatch.ANY)
                    .unless("flow_run_id", ID, filter.flowRunId(), FieldMatch.any())
                    .unless("task_run_id", ID, filter.taskRunId(), FieldMatch.any())
                    .unless("message", TEXT, filter.message(), FieldMatch.any());
              },
              json -> {
                Levels levels = json.record("level", LEVELS, Levels.ALL);
                return new LogFilter(
                    operator(json),
                    levels.min(),
                    levels.max(),
                    json.record("timestamp", TIME, TimeMatch.ANY),
                    json.record("flow_run_id", ID, FieldMatch.any()),
                    json.record("task_run_id", ID, FieldMatch.any()),
                    json.record("message", TEXT, FieldMatch.any()));
              })
          .strict();

  /** Filters of listings. The protocol has two names for that of work queues. */
  public static final RecordCodec<RecordFilter> RECORDS =
      new RecordCodec<>(
          "filter",
          (filter, json) ->
              json.unless("flows", FLOWS, filter.flows(), FlowFilter.ALL)
                  .unless("flow_runs", FLOW_RUNS, filter.flowRuns(), FlowRunFilter.ALL)
                  .unless("task_runs", TASK_RUNS, filter.taskRuns(), TaskRunFilter.ALL)
                  .unless("deployments", DEPLOYMENTS, filter.deployments(), DeploymentFilter.ALL)
                  .unless("work_pools", WORK_POOLS, filter.workPools(), WorkPoolFilter.ALL)
                  .unless("work_queues", WORK_QUEUES, filter.workQueues(), WorkQueueFilter.ALL)
                  .unless(
                      "work_pool_queues", WORK_QUEUES, filter.workQueues(), WorkQueueFilter.ALL),
          json ->
              new RecordFilter(
                  json.record("flows", FLOWS, FlowFilter.ALL),
                  json.record("flow_runs", FLOW_RUNS, FlowRunFilter.ALL),
                  json.record("task_runs", TASK_RUNS, TaskRunFilter.ALL),
                  json.record("deployments", DEPLOYMENTS, DeploymentFilter.ALL),
                  json.record("work_pools", WORK_POOLS, WorkPoolFilter.ALL),
                  json.record(
                      "work_pool_queues",
                      WORK_QUEUES,
                      json.record("work_queues", WORK_QUEUES, WorkQueueFilter.ALL))));

  private static final RecordCodec<StateCount> COUNT =
      new RecordCodec<>(
          "count of runs",
          (count, json) ->
              json.name("state_type", count.type())
                  .value("state_name", count.name())
                  .value("count_runs", count.count())
                  .seconds("sum_estimated_run_time", count.runTime())
                  .seconds("sum_estimated_lateness", count.lateness()),
          json ->
              new StateCount(
                  json.constant("state_type", StateType.class),
                  json.text("state_name"),
                  json.number("count_runs"),
                  json.seconds("sum_estimated_run_time", Duration.ZERO),
                  json.seconds("sum_estimated_lateness", Duration.ZERO)));

  /** Intervals of histories. */
  public static final RecordCodec<HistoryInterval> HISTORY =
      new RecordCodec<>(
          "history of runs",
          (interval, json) ->
              json.time("interval_start", interval.start())
                  .time("interval_end", interval.end())
                  .records("states", COUNT, interval.states()),
          json ->
              new HistoryInterval(
                  json.time("interval_start"),
                  json.time("interval_end"),
                  json.records("states", COUNT)));

  private FilterJson() {}

  private static <T> RecordCodec<FieldMatch<T>> match(
      BiFunction<FieldReader, String, @Nullable Set<T>> values) {
    return new RecordCodec<>(
            "filter of a field",
            (match, json) -> {
              operator(match.operator(), json);
              if (match.anyOf() != null) {
                json.texts("any_", match.anyOf());
              }
              if (match.noneOf() != null) {
                json.texts("not_any_", match.noneOf());
              }
              json.some("like_", match.like());
              if (match.startsWith() != null) {
                json.texts("startswith_", match.startsWith());
              }
              json.some("is_null_", match.isNull());
            },
            json -> {
              Boolean exists = json.flagOrNull("exists_");
              Boolean isNull = json.flagOrNull("is_null_");
              return new FieldMatch<>(
                  operator(json),
                  values.apply(json, "any_"),
                  values.apply(json, "not_any_"),
                  json.textOrNull("like_"),
                  json.textSetOrNull("startswith_"),
                  exists == null ? isNull : (Boolean) !exists);
            })
        .strict();
  }

  static void operator(Operator operator, FieldWriter json) {
    if (operator == Operator.OR) {
      json.value("operator", "or_");
    }
  }

  static Operator operator(FieldReader json) {
    return "or_".equals(json.oneOf("operator", "and_", "or_")) ? Operator.OR : Operator.AND;
  }
}
