package dev.sheave.orchestrator.internal.run;

import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.NewWorkQueue;
import dev.sheave.api.Page;
import dev.sheave.api.WorkQueueApi;
import dev.sheave.api.WorkQueueFilter;
import dev.sheave.api.WorkQueueRecord;
import dev.sheave.api.WorkQueueStatus;
import dev.sheave.orchestrator.internal.database.Database;
import dev.sheave.orchestrator.internal.database.StoreClock;
import dev.sheave.orchestrator.internal.queue.WorkPoolTable;
import dev.sheave.orchestrator.internal.queue.WorkQueueTable;
import dev.sheave.orchestrator.internal.run.WaitingRuns.Use;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Work queues over JDBC. Safe for use by several threads. */
public final class JdbcWorkQueueApi implements WorkQueueApi {
  private final Database database;

  /** Keeps the records in a database. */
  public JdbcWorkQueueApi(Database database) {
    this.database = database;
  }

  @Override
  public WorkQueueRecord createWorkQueue(
      String name, @Nullable String description, @Nullable Integer concurrencyLimit) {
    return database.write(
        handle ->
            WorkQueueTable.create(
                handle,
                DEFAULT_POOL,
                NewWorkQueue.builder(name)
                    .description(description)
                    .concurrencyLimit(concurrencyLimit)
                    .build()));
  }

  @Override
  public Optional<WorkQueueRecord> findWorkQueue(String name) {
    return database.read(handle -> WorkQueueTable.find(handle, DEFAULT_POOL, name));
  }

  @Override
  public WorkQueueRecord readWorkQueue(UUID id) {
    return database.read(handle -> WorkQueueTable.read(handle, id));
  }

  @Override
  public List<WorkQueueRecord> listWorkQueues(WorkQueueFilter filter, Page page) {
    return database.read(handle -> WorkQueueTable.list(handle, filter, page));
  }

  @Override
  public WorkQueueStatus readWorkQueueStatus(UUID id) {
    return database.read(
        handle -> {
          Instant now = StoreClock.now(handle);
          Instant polled = WorkQueueTable.read(handle, id).lastPolled();
          int late = FlowRunTable.countLate(handle, id, now.minus(WorkQueueStatus.LATE_AFTER));
          boolean isPolled =
              polled != null && !polled.plus(WorkQueueStatus.MAX_POLL_AGE).isBefore(now);
          return new WorkQueueStatus(isPolled && late == 0, late, polled);
        });
  }

  @Override
  public Optional<String> readWaitReason(UUID id) {
    return database.read(handle -> WaitReasons.ofQueue(handle, WorkQueueTable.read(handle, id)));
  }

  @Override
  public void updateWorkQueue(UUID id, WorkQueueUpdate update) {
    database.change(handle -> WorkQueueTable.update(handle, id, update));
  }

  @Override
  public void deleteWorkQueue(UUID id) {
    database.change(handle -> WorkQueueTable.delete(handle, id));
  }

  @Override
  public List<FlowRunRecord> readRunsOfWorkQueue(UUID id, int limit, Instant scheduledBefore) {
    WorkQueueRecord queue = database.read(handle -> WorkQueueTable.read(handle, id));
    if (database.read(handle -> WorkQueueTable.isPollWorthRecording(handle, queue))) {
      database.change(handle -> WorkQueueTable.recordPoll(handle, id));
    }
    WaitingRuns waiting = new WaitingRuns(null, scheduledBefore, limit, Use.VIEW);
    return database.read(
        handle ->
            waiting.read(handle, WorkPoolTable.read(handle, queue.workPoolName()), List.of(queue)));
  }
}
