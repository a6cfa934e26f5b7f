package dev.sheave.orchestrator.internal.queue;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.FieldMatch;
import dev.sheave.api.NewWorkQueue;
import dev.sheave.api.Page;
import dev.sheave.api.RecordFilter;
import dev.sheave.api.WorkPoolFilter;
import dev.sheave.api.WorkQueueApi.WorkQueueUpdate;
import dev.sheave.api.WorkQueueFilter;
import dev.sheave.api.WorkQueueRecord;
import dev.sheave.internal.Names;
import dev.sheave.orchestrator.internal.database.MissingRecord;
import dev.sheave.orchestrator.internal.database.Row;
import dev.sheave.orchestrator.internal.database.StoreClock;
import dev.sheave.orchestrator.internal.query.Listing;
import dev.sheave.orchestrator.internal.query.RecordConditions;
import dev.sheave.orchestrator.internal.query.Where;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The tables of work pools and work queues. */
public final class WorkQueueTable {
  /**
   * Agents ask every few seconds; what an agent asked last need not be known more exactly than
   * this.
   */
  private static final Duration POLL_RESOLUTION = Duration.ofSeconds(5);

  /** Queues that have none given come after all others, so that there has to be some room. */
  private static final int MAX_PRIORITY = 1_000_000;

  private static final String SELECT =
      "select q.*, p.name as pool_name from work_queue q"
          + " join work_pool p on p.id = q.work_pool_id";

  private WorkQueueTable() {}

  /** Finds a queue of the default pool. */
  public static Optional<WorkQueueRecord> find(Handle handle, String pool, String name) {
    return handle
        .createQuery(SELECT + " where p.name = :pool and q.name = :name")
        .bind("pool", pool)
        .bind("name", name)
        .map((row, context) -> record(row))
        .findFirst();
  }

  public static WorkQueueRecord read(Handle handle, UUID id) {
    return handle
        .createQuery(SELECT + " where q.id = :id")
        .bind("id", id)
        .map((row, context) -> record(row))
        .findFirst()
        .orElseThrow(() -> missing(id));
  }

  /** Lists queues of all pools by name. */
  public static List<WorkQueueRecord> list(Handle handle, WorkQueueFilter filter, Page page) {
    return list(handle, RecordFilter.builder().workQueues(filter).build(), "name", page);
  }

  /** Lists queues of a pool by priority. */
  public static List<WorkQueueRecord> list(
      Handle handle, String pool, WorkQueueFilter filter, Page page) {
    RecordFilter ofPool =
        RecordFilter.builder()
            .workQueues(filter)
            .workPools(WorkPoolFilter.ALL.toBuilder().name(FieldMatch.anyOf(List.of(pool))).build())
            .build();
    return list(handle, ofPool, "priority", page);
  }

  private static List<WorkQueueRecord> list(
      Handle handle, RecordFilter filter, String order, Page page) {
    Where where = new Where();
    String condition = new RecordConditions(where, filter).ofWorkQueues();
    String end = Listing.ascending("work_queue q", "q", order).end(handle, where, condition, page);
    return where.bindTo(handle.createQuery(SELECT + end)).map((row, context) -> record(row)).list();
  }

  /** Creates a queue in a pool. */
  public static WorkQueueRecord create(Handle handle, String pool, NewWorkQueue queue) {
    Names.check(queue.name(), "Work queue");
    checkLimit(queue.concurrencyLimit());
    Integer priority = queue.priority();
    if (priority != null) {
      checkPriority(priority);
    }
    checkUnused(handle, pool, queue.name());
    return insert(handle, pool, queue);
  }

  private static void checkUnused(Handle handle, String pool, String name) {
    if (find(handle, pool, name).isPresent()) {
      throw new SheaveException(
          Code.ALREADY_EXISTS, "The work queue '" + name + "' already exists.");
    }
  }

  /**
   * Returns the id of a queue, which is created if it doesn't exist.
   *
   * @throws SheaveException {@code NOT_FOUND} if there is no such pool
   */
  public static UUID idOrNew(Handle handle, String pool, String name) {
    return find(handle, pool, name)
        .orElseGet(
            () -> {
              Names.check(name, "Work queue");
              return insert(handle, pool, NewWorkQueue.builder(name).build());
            })
        .id();
  }

  private static WorkQueueRecord insert(Handle handle, String pool, NewWorkQueue queue) {
    UUID poolId = WorkPoolTable.idOrDefault(handle, pool);
    Integer priority = queue.priority();
    if (priority == null) {
      // a new queue comes after the others, as in the reference
      priority =
          handle
              .createQuery(
                  "select coalesce(max(priority), 0) + 1 from work_queue"
                      + " where work_pool_id = :pool")
              .bind("pool", poolId)
              .map((row, context) -> row.getInt(1))
              .one();
    } else {
      makeRoom(handle, poolId, priority);
    }
    UUID id = UUID.randomUUID();
    handle
        .createUpdate(
            "insert into work_queue (id, created, updated, name, work_pool_id, description,"
                + " is_paused, concurrency_limit, priority) values (:id, :created, :created,"
                + " :name, :pool, :description, :paused, :limit, :priority)")
        .bind("id", id)
        .bind("created", StoreClock.now(handle))
        .bind("name", queue.name())
        .bind("pool", poolId)
        .bind("description", queue.description())
        .bind("paused", queue.isPaused())
        .bind("limit", queue.concurrencyLimit())
        .bind("priority", priority)
        .execute();
    return read(handle, id);
  }

  /** Moves the queues of a priority and those after it back, if there is one of it. */
  private static void makeRoom(Handle handle, UUID poolId, int priority) {
    handle
        .createUpdate(
            "update work_queue set priority = priority + 1 where work_pool_id = :pool"
                + " and priority >= :priority and exists (select 1 from work_queue t"
                + " where t.work_pool_id = :pool and t.priority = :priority)")
        .bind("pool", poolId)
        .bind("priority", priority)
        .execute();
  }

  private static void checkPriority(@Nullable Integer priority) {
    if (priority == null || priority < 1 || priority > MAX_PRIORITY) {
      throw new SheaveException(
          Code.INVALID,
          String.format(
              "The priority of a work queue must be between 1, the highest, and %,d.",
              MAX_PRIORITY));
    }
  }

  public static void update(Handle handle, UUID id, WorkQueueUpdate update) {
    WorkQueueRecord queue = read(handle, id);
    if (update.equals(WorkQueueUpdate.NONE)) {
      return;
    }
    String name = update.name().applyTo(queue.name());
    if (!queue.name().equals(name)) {
      name = name == null ? "" : name;
      Names.check(name, "Work queue");
      checkUnused(handle, queue.workPoolName(), name);
    }
    Integer limit = update.concurrencyLimit().applyTo(queue.concurrencyLimit());
    checkLimit(limit);
    Integer priority = update.priority().applyTo(queue.priority());
    if (!Objects.equals(priority, queue.priority())) { // those that came after may be beyond it
      checkPriority(priority);
    }
    handle
        .createUpdate(
            "update work_queue set updated = :now, name = :name, description = :description,"
                + " is_paused = :paused, concurrency_limit = :limit, priority = :priority where id = :id")
        .bind("now", StoreClock.nowAfter(handle, queue.updated()))
        .bind("name", name)
        .bind("description", update.description().applyTo(queue.description()))
        .bind("paused", Boolean.TRUE.equals(update.isPaused().applyTo(queue.isPaused())))
        .bind("limit", limit)
        .bind("priority", priority)
        .bind("id", id)
        .execute();
  }

  public static void delete(Handle handle, UUID id) {
    Optional<String> pool =
        handle
            .createQuery("select name from work_pool where default_queue_id = :id")
            .bind("id", id)
            .mapTo(String.class)
            .findFirst();
    if (pool.isPresent()) {
      throw new SheaveException(
          Code.PERMISSION_DENIED,
          "The work queue is the default one of the work pool '"
              + pool.get()
              + "' and stays; delete the pool instead.");
    }
    if (handle.createUpdate("delete from work_queue where id = :id").bind("id", id).execute()
        == 0) {
      throw missing(id);
    }
  }

  /** Returns whether it is time to record that an agent asked. */
  public static boolean isPollWorthRecording(Handle handle, WorkQueueRecord queue) {
    Instant last = queue.lastPolled();
    return last == null || last.plus(POLL_RESOLUTION).isBefore(StoreClock.now(handle));
  }

  public static void recordPoll(Handle handle, UUID id) {
    handle
        .createUpdate("update work_queue set last_polled = :now where id = :id")
        .bind("now", StoreClock.now(handle))
        .bind("id", id)
        .execute();
  }

  private static void checkLimit(@Nullable Integer limit) {
    if (limit != null && limit < 0) {
      throw new SheaveException(
          Code.INVALID,
          "The concurrency limit of a work queue must be 0 or more, not " + limit + ".");
    }
  }

  private static SheaveException missing(UUID id) {
    return MissingRecord.of("work queue", id);
  }

  private static WorkQueueRecord record(ResultSet columns) throws SQLException {
    Row row = new Row(columns);
    return new WorkQueueRecord(
        row.id("id"),
        row.time("created"),
        row.time("updated"),
        row.text("name"),
        row.textOrNull("description"),
        row.flag("is_paused"),
        row.numberOrNull("concurrency_limit"),
        row.number("priority"),
        row.id("work_pool_id"),
        row.text("pool_name"),
        row.timeOrNull("last_polled"));
  }
}
