package dev.sheave.api.internal;

import dev.sheave.api.WorkQueueRecord;

/** Work queues. */
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

  private WorkQueueJson() {}
}
