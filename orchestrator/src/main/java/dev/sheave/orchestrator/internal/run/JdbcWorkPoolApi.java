package dev.sheave.orchestrator.internal.run;

import dev.sheave.api.FieldMatch;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.NewWorkPool;
import dev.sheave.api.NewWorkQueue;
import dev.sheave.api.Page;
import dev.sheave.api.RunClaim;
import dev.sheave.api.TimeMatch;
import dev.sheave.api.WorkPoolApi;
import dev.sheave.api.WorkPoolFilter;
import dev.sheave.api.WorkPoolRecord;
import dev.sheave.api.WorkQueueApi;
import dev.sheave.api.WorkQueueFilter;
import dev.sheave.api.WorkQueueRecord;
import dev.sheave.api.WorkerRecord;
import dev.sheave.orchestrator.internal.database.Database;
import dev.sheave.orchestrator.internal.database.StoreClock;
import dev.sheave.orchestrator.internal.queue.WorkPoolTable;
import dev.sheave.orchestrator.internal.queue.WorkQueueTable;
import dev.sheave.orchestrator.internal.queue.WorkerTable;
import dev.sheave.orchestrator.internal.run.FlowRunTable.Waiting;
import dev.sheave.orchestrator.internal.run.WaitingRuns.Use;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Work pools over JDBC. Safe for use by several threads. */
public final class JdbcWorkPoolApi implements WorkPoolApi {
  private final Database database;

  /** Keeps the records in a database. */
  public JdbcWorkPoolApi(Database database) {
    this.database = database;
  }

  /** Makes the default pool when it is first asked for. */
  private void completeDefault(String name) {
    if (name.equals(WorkQueueApi.DEFAULT_POOL)
        && database.read(WorkPoolTable::isDefaultIncomplete)) {
      database.change(WorkPoolTable::completeDefault);
    }
  }

  @Override
  public WorkPoolRecord createWorkPool(NewWorkPool pool) {
    return database.write(handle -> WorkPoolTable.create(handle, pool));
  }

  @Override
  public Optional<WorkPoolRecord> findWorkPool(String name) {
    completeDefault(name);
    return database.read(handle -> WorkPoolTable.find(handle, name));
  }

  @Override
  public List<WorkPoolRecord> listWorkPools(WorkPoolFilter filter, Page page) {
    completeDefault(WorkQueueApi.DEFAULT_POOL);
    return database.read(handle -> WorkPoolTable.list(handle, filter, page));
  }

  @Override
  public void updateWorkPool(String name, WorkPoolUpdate update) {
    completeDefault(name);
    database.change(handle -> WorkPoolTable.update(handle, name, update));
  }

  @Override
  public void deleteWorkPool(String name) {
    database.change(handle -> WorkPoolTable.delete(handle, name));
  }

  @Override
  public WorkQueueRecord createWorkQueue(String pool, NewWorkQueue queue) {
    return database.write(handle -> WorkQueueTable.create(handle, pool, queue));
  }

  @Override
  public Optional<WorkQueueRecord> findWorkQueue(String pool, String name) {
    return database.read(handle -> WorkQueueTable.find(handle, pool, name));
  }

  @Override
  public List<WorkQueueRecord> listWorkQueues(String pool, WorkQueueFilter filter, Page page) {
    completeDefault(pool);
    return database.read(
        handle -> {
          WorkPoolTable.read(handle, pool);
          return WorkQueueTable.list(handle, pool, filter, page);
        });
  }

  @Override
  public List<FlowRunRecord> readRunsOfWorkPool(
      String pool,
      Set<String> queues,
      @Nullable Instant scheduledAfter,
      Instant scheduledBefore,
      int limit) {
    completeDefault(pool);
    recordPoll(pool, queues);
    WaitingRuns waiting = new WaitingRuns(scheduledAfter, scheduledBefore, limit, Use.VIEW);
    return database.read(handle -> waiting(handle, pool, queues, waiting));
  }

  @Override
  public List<FlowRunRecord> claimRuns(String pool, Set<String> queues, RunClaim claim) {
    completeDefault(pool);
    recordPoll(pool, queues);
    WaitingRuns waiting = new WaitingRuns(null, claim.scheduledBefore(), 1, Use.LOOK);
    if (database.read(handle -> waiting(handle, pool, queues, waiting)).isEmpty()) {
      return List.of(); // who polls an empty pool doesn't keep others from writing
    }
    return database.claim(
        handle -> {
          Instant now = StoreClock.now(handle);
          List<Waiting> runs =
              new WaitingRuns(null, claim.scheduledBefore(), claim.limit(), Use.CLAIM)
                  .readToClaim(
                      handle,
                      WorkPoolTable.read(handle, pool),
                      allQueues(handle, pool, queues, Set.of()),
                      now);
          return FlowRunTransitions.claim(handle, runs, run -> claim, now);
        });
  }

  @Override
  public void recordHeartbeat(String pool, String worker) {
    completeDefault(pool);
    database.change(handle -> WorkerTable.recordHeartbeat(handle, pool, worker));
  }

  @Override
  public List<WorkerRecord> listWorkers(String pool, TimeMatch lastHeartbeat, Page page) {
    completeDefault(pool);
    return database.read(handle -> WorkerTable.list(handle, pool, lastHeartbeat, page));
  }

  private static List<FlowRunRecord> waiting(
      Handle handle, String pool, Set<String> queues, WaitingRuns waiting) {
    return waiting.read(
        handle, WorkPoolTable.read(handle, pool), allQueues(handle, pool, queues, Set.of()));
  }

  private void recordPoll(String pool, Set<String> queues) {
    List<WorkQueueRecord> worthRecording =
        database.read(
            handle -> {
              WorkPoolTable.read(handle, pool);
              return allQueues(handle, pool, queues, Set.of()).stream()
                  .filter(each -> WorkQueueTable.isPollWorthRecording(handle, each))
                  .toList();
            });
    if (!worthRecording.isEmpty()) {
      database.change(
          handle -> worthRecording.forEach(each -> WorkQueueTable.recordPoll(handle, each.id())));
    }
  }

  /** Returns the queues of a pool with some names or beginnings; all if there are neither. */
  static List<WorkQueueRecord> allQueues(
      Handle handle, String pool, Set<String> names, Set<String> prefixes) {
    if (!names.isEmpty() && !prefixes.isEmpty()) {
      Map<UUID, WorkQueueRecord> both = new LinkedHashMap<>();
      allQueues(handle, pool, names, Set.of()).forEach(each -> both.put(each.id(), each));
      allQueues(handle, pool, Set.of(), prefixes).forEach(each -> both.put(each.id(), each));
      return List.copyOf(both.values());
    }
    WorkQueueFilter.Builder builder = WorkQueueFilter.ALL.toBuilder();
    WorkQueueFilter filter =
        !names.isEmpty()
            ? builder.name(FieldMatch.anyOf(names)).build()
            : prefixes.isEmpty()
                ? WorkQueueFilter.ALL
                : builder.name(FieldMatch.startsWith(prefixes)).build();
    List<WorkQueueRecord> all = new ArrayList<>();
    Page page = Page.FIRST;
    while (true) {
      List<WorkQueueRecord> some = WorkQueueTable.list(handle, pool, filter, page);
      all.addAll(some);
      if (some.size() < page.limit()) {
        return all;
      }
      page = page.after(some.get(some.size() - 1).id());
    }
  }
}
