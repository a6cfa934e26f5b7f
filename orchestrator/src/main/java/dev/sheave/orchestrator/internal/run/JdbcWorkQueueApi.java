package dev.sheave.orchestrator.internal.run;

import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.Page;
import dev.sheave.api.WorkQueueApi;
import dev.sheave.api.WorkQueueRecord;
import dev.sheave.orchestrator.internal.database.Database;
import dev.sheave.orchestrator.internal.database.Times;
import dev.sheave.orchestrator.internal.queue.WorkQueueTable;
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
        handle -> WorkQueueTable.create(handle, name, description, concurrencyLimit));
  }

  @Override
  public Optional<WorkQueueRecord> findWorkQueue(String name) {
    return database.read(handle -> WorkQueueTable.find(handle, DEFAULT_POOL, name));
  }

  @Override
  public List<WorkQueueRecord> listWorkQueues(String prefix, Page page) {
    return database.read(handle -> WorkQueueTable.list(handle, prefix, page));
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
    Instant now = Times.now();
    WorkQueueRecord queue = database.read(handle -> WorkQueueTable.read(handle, id));
    if (WorkQueueTable.isPollWorthRecording(queue, now)) {
      database.change(handle -> WorkQueueTable.recordPoll(handle, id, now));
    }
    if (queue.isPaused()) {
      return List.of();
    }
    return database.read(
        handle -> {
          int room = limit;
          Integer concurrencyLimit = queue.concurrencyLimit();
          if (concurrencyLimit != null) {
            room = Math.min(limit, concurrencyLimit - FlowRunTable.countUnderWay(handle, id));
          }
          return room <= 0 ? List.of() : FlowRunTable.due(handle, id, scheduledBefore, room);
        });
  }
}
