package dev.sheave.orchestrator.internal.queue;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.Page;
import dev.sheave.api.WorkQueueApi;
import dev.sheave.api.WorkQueueApi.WorkQueueUpdate;
import dev.sheave.api.WorkQueueRecord;
import dev.sheave.orchestrator.internal.database.Names;
import dev.sheave.orchestrator.internal.database.Row;
import dev.sheave.orchestrator.internal.database.Times;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The tables of work pools and work queues. */
public final class WorkQueueTable {
  /** The kind of the default pool, in the protocol's terms. */
  private static final String AGENT_POOL = "prefect-agent";

  /**
   * Agents ask every few seconds; what an agent asked last need not be known more exactly than
   * this.
   */
  private static final Duration POLL_RESOLUTION = Duration.ofSeconds(5);

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

  public static List<WorkQueueRecord> list(Handle handle, String prefix, Page page) {
    return handle
        .createQuery(
            SELECT
                + " where substr(q.name, 1, length(:prefix)) = :prefix"
                + " order by q.name, p.name limit :limit offset :offset")
        .bind("prefix", prefix)
        .bind("limit", page.limit())
        .bind("offset", page.offset())
        .map((row, context) -> record(row))
        .list();
  }

  public static WorkQueueRecord create(
      Handle handle,
      String name,
      @Nullable String description,
      @Nullable Integer concurrencyLimit) {
    Names.check(name, "Work queue");
    checkLimit(concurrencyLimit);
    if (find(handle, WorkQueueApi.DEFAULT_POOL, name).isPresent()) {
      throw new SheaveException(
          Code.ALREADY_EXISTS, "The work queue '" + name + "' already exists.");
    }
    return insert(handle, WorkQueueApi.DEFAULT_POOL, name, description, concurrencyLimit);
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
              return insert(handle, pool, name, null, null);
            })
        .id();
  }

  private static WorkQueueRecord insert(
      Handle handle,
      String pool,
      String name,
      @Nullable String description,
      @Nullable Integer concurrencyLimit) {
    UUID poolId = poolId(handle, pool);
    // a new queue comes after the others, as in the reference
    int priority =
        handle
            .createQuery(
                "select coalesce(max(priority), 0) + 1 from work_queue where work_pool_id = :pool")
            .bind("pool", poolId)
            .map((row, context) -> row.getInt(1))
            .one();
    UUID id = UUID.randomUUID();
    handle
        .createUpdate(
            "insert into work_queue (id, created, updated, name, work_pool_id, description, is_paused,"
                + " concurrency_limit, priority) values (:id, :created, :created, :name, :pool,"
                + " :description, :paused, :limit, :priority)")
        .bind("id", id)
        .bind("created", Times.now())
        .bind("name", name)
        .bind("pool", poolId)
        .bind("description", description)
        .bind("paused", false)
        .bind("limit", concurrencyLimit)
        .bind("priority", priority)
        .execute();
    return read(handle, id);
  }

  private static UUID poolId(Handle handle, String name) {
    Optional<UUID> existing =
        handle
            .createQuery("select id from work_pool where name = :name")
            .bind("name", name)
            .map((row, context) -> new Row(row).id("id"))
            .findFirst();
    if (existing.isPresent()) {
      return existing.get();
    }
    if (!name.equals(WorkQueueApi.DEFAULT_POOL)) {
      throw new SheaveException(Code.NOT_FOUND, "The work pool '" + name + "' doesn't exist.");
    }
    UUID id = UUID.randomUUID();
    handle
        .createUpdate(
            "insert into work_pool (id, created, name, type)"
                + " values (:id, :created, :name, :type)")
        .bind("id", id)
        .bind("created", Times.now())
        .bind("name", name)
        .bind("type", AGENT_POOL)
        .execute();
    return id;
  }

  public static void update(Handle handle, UUID id, WorkQueueUpdate update) {
    WorkQueueRecord queue = read(handle, id);
    if (update.equals(WorkQueueUpdate.NONE)) {
      return;
    }
    Integer limit = update.concurrencyLimit().applyTo(queue.concurrencyLimit());
    checkLimit(limit);
    Integer priority = update.priority().applyTo(queue.priority());
    if (priority == null || priority < 1) {
      throw new SheaveException(
          Code.INVALID, "The priority of a work queue must be 1 or more; 1 is the highest.");
    }
    handle
        .createUpdate(
            "update work_queue set updated = :now, description = :description, is_paused = :paused,"
                + " concurrency_limit = :limit, priority = :priority where id = :id")
        .bind("now", Times.nowAfter(queue.updated()))
        .bind("description", update.description().applyTo(queue.description()))
        .bind("paused", Boolean.TRUE.equals(update.isPaused().applyTo(queue.isPaused())))
        .bind("limit", limit)
        .bind("priority", priority)
        .bind("id", id)
        .execute();
  }

  public static void delete(Handle handle, UUID id) {
    if (handle.createUpdate("delete from work_queue where id = :id").bind("id", id).execute()
        == 0) {
      throw missing(id);
    }
  }

  /** Returns whether it is time to record that an agent asked. */
  public static boolean isPollWorthRecording(WorkQueueRecord queue, Instant now) {
    Instant last = queue.lastPolled();
    return last == null || last.plus(POLL_RESOLUTION).isBefore(now);
  }

  public static void recordPoll(Handle handle, UUID id, Instant now) {
    handle
        .createUpdate("update work_queue set last_polled = :now where id = :id")
        .bind("now", now)
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
    return new SheaveException(
        Code.NOT_FOUND, "The work queue with the id " + id + " doesn't exist.");
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
