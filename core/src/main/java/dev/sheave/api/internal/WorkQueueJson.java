package dev.sheave.api.internal;

import dev.sheave.api.NewWorkPool;
import dev.sheave.api.NewWorkQueue;
import dev.sheave.api.WorkPoolApi;
import dev.sheave.api.WorkPoolApi.WorkPoolUpdate;
import dev.sheave.api.WorkPoolRecord;
import dev.sheave.api.WorkQueueApi.WorkQueueUpdate;
import dev.sheave.api.WorkQueueRecord;
import dev.sheave.api.WorkQueueStatus;
import dev.sheave.api.WorkerRecord;
import java.util.Map;

/** Work pools and work queues. */
public final class WorkQueueJson {

  /** Work queues. */
  public static final RecordCodec<WorkQueueRecord> QUEUE =
      new RecordCodec<>(
          "work queue",
          (queue, json) ->
              json.id("id", queue.id())
                  .time("created", queue.created())
                  .time("updated", queue.updated())
                  .value("name", queue.name())
                  .value("description", queue.description())
                  .value("is_paused", queue.isPaused())
                  .value("concurrency_limit", queue.concurrencyLimit())
                  .value("priority", queue.priority())
                  .id("work_pool_id", queue.workPoolId())
                  .value("work_pool_name", queue.workPoolName())
                  .time("last_polled", queue.lastPolled()),
          json ->
              new WorkQueueRecord(
                  json.id("id"),
                  json.time("created"),
                  json.time("updated"),
                  json.text("name"),
                  json.textOrNull("description"),
                  json.flag("is_paused", false),
                  json.numberOrNull("concurrency_limit"),
                  json.number("priority", 1),
                  json.id("work_pool_id"),
                  json.text("work_pool_name", ""),
                  json.timeOrNull("last_polled")));

  /** Work queues to be created. */
  public static final RecordCodec<NewWorkQueue> NEW_QUEUE =
      new RecordCodec<>(
          "work queue",
          (queue, json) ->
              json.value("name", queue.name())
                  .value("description", queue.description())
                  .value("is_paused", queue.isPaused())
                  .value("concurrency_limit", queue.concurrencyLimit())
                  .value("priority", queue.priority()),
          json ->
              NewWorkQueue.builder(json.text("name"))
                  .description(json.textOrNull("description"))
                  .isPaused(json.flag("is_paused", false))
                  .concurrencyLimit(json.numberOrNull("concurrency_limit"))
                  .priority(json.numberOrNull("priority"))
                  .build());

  /** Changes to work queues. */
  public static final RecordCodec<WorkQueueUpdate> QUEUE_UPDATE =
      new RecordCodec<>(
          "change of a work queue",
          (update, json) ->
              json.change("name", update.name(), value -> value)
                  .change("description", update.description(), value -> value)
                  .change("is_paused", update.isPaused(), value -> value)
                  .change("concurrency_limit", update.concurrencyLimit(), value -> value)
                  .change("priority", update.priority(), value -> value),
          json ->
              new WorkQueueUpdate(
                  json.change("name", json::textOrNull),
                  json.change("description", json::textOrNull),
                  json.change("is_paused", json::flagOrNull),
                  json.change("concurrency_limit", json::numberOrNull),
                  json.change("priority", json::numberOrNull)));

  /** States of service of work queues. */
  public static final RecordCodec<WorkQueueStatus> STATUS =
      new RecordCodec<>(
          "status of a work queue",
          (status, json) ->
              json.value("healthy", status.isHealthy())
                  .value("late_runs_count", status.lateRuns())
                  .time("last_polled", status.lastPolled())
                  .value(
                      "health_check_policy",
                      Map.of(
                          "maximum_late_runs",
                          0,
                          "maximum_seconds_since_last_polled",
                          WorkQueueStatus.MAX_POLL_AGE.toSeconds())),
          json ->
              new WorkQueueStatus(
                  json.flag("healthy", false),
                  json.number("late_runs_count", 0),
                  json.timeOrNull("last_polled")));

  /** Work pools. */
  public static final RecordCodec<WorkPoolRecord> POOL =
      new RecordCodec<>(
          "work pool",
          (pool, json) ->
              json.id("id", pool.id())
                  .time("created", pool.created())
                  .time("updated", pool.updated())
                  .value("name", pool.name())
                  .value("description", pool.description())
                  .value("type", pool.type())
                  .value("base_job_template", pool.baseJobTemplate())
                  .value("is_paused", pool.isPaused())
                  .value("concurrency_limit", pool.concurrencyLimit())
                  .id("default_queue_id", pool.defaultQueueId()),
          json ->
              new WorkPoolRecord(
                  json.id("id"),
                  json.time("created"),
                  json.time("updated"),
                  json.text("name"),
                  json.textOrNull("description"),
                  json.text("type"),
                  json.object("base_job_template"),
                  json.flag("is_paused", false),
                  json.numberOrNull("concurrency_limit"),
                  json.idOrNull("default_queue_id")));

  /** Work pools to be created. */
  public static final RecordCodec<NewWorkPool> NEW_POOL =
      new RecordCodec<>(
          "work pool",
          (pool, json) ->
              json.value("name", pool.name())
                  .value("description", pool.description())
                  .value("type", pool.type())
                  .value("base_job_template", pool.baseJobTemplate())
                  .value("is_paused", pool.isPaused())
                  .value("concurrency_limit", pool.concurrencyLimit()),
          json ->
              NewWorkPool.builder(json.text("name"))
                  .description(json.textOrNull("description"))
                  .type(json.text("type", WorkPoolApi.AGENT_TYPE))
                  .baseJobTemplate(json.object("base_job_template"))
                  .isPaused(json.flag("is_paused", false))
                  .concurrencyLimit(json.numberOrNull("concurrency_limit"))
                  .build());

  /** Changes to work pools. */
  public static final RecordCodec<WorkPoolUpdate> POOL_UPDATE =
      new RecordCodec<>(
          "change of a work pool",
          (update, json) ->
              json.change("description", update.description(), value -> value)
                  .change("base_job_template", update.baseJobTemplate(), value -> value)
                  .change("is_paused", update.isPaused(), value -> value)
                  .change("concurrency_limit", update.concurrencyLimit(), value -> value),
          json ->
              new WorkPoolUpdate(
                  json.change("description", json::textOrNull),
                  json.change("base_job_template", json::objectOrNull),
                  json.change("is_paused", json::flagOrNull),
                  json.change("concurrency_limit", json::numberOrNull)));

  /** Workers. */
  public static final RecordCodec<WorkerRecord> WORKER =
      new RecordCodec<>(
          "worker",
          (worker, json) ->
              json.id("id", worker.id())
                  .time("created", worker.created())
                  .time("updated", worker.updated())
                  .value("name", worker.name())
                  .id("work_pool_id", worker.workPoolId())
                  .time("last_heartbeat_time", worker.lastHeartbeat()),
          json ->
              new WorkerRecord(
                  json.id("id"),
                  json.time("created"),
                  json.time("updated"),
                  json.text("name"),
                  json.id("work_pool_id"),
                  json.time("last_heartbeat_time")));

  private WorkQueueJson() {}
}
