package dev.sheave.orchestrator.internal.queue;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.NewWorkPool;
import dev.sheave.api.Page;
import dev.sheave.api.RecordFilter;
import dev.sheave.api.WorkPoolApi;
import dev.sheave.api.WorkPoolApi.WorkPoolUpdate;
import dev.sheave.api.WorkPoolFilter;
import dev.sheave.api.WorkPoolRecord;
import dev.sheave.api.WorkQueueApi;
import dev.sheave.internal.Json;
import dev.sheave.internal.Names;
import dev.sheave.internal.ShellWord;
import dev.sheave.orchestrator.internal.database.Row;
import dev.sheave.orchestrator.internal.database.StoreClock;
import dev.sheave.orchestrator.internal.query.Listing;
import dev.sheave.orchestrator.internal.query.RecordConditions;
import dev.sheave.orchestrator.internal.query.Where;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The table of work pools. */
public final class WorkPoolTable {
  /** The queue of deployments that name a pool alone. */
  public static final String DEFAULT_QUEUE = "default";

  private static final String RESERVED = "prefect";

  private WorkPoolTable() {}

  /** Creates a pool with its default queue. */
  public static WorkPoolRecord create(Handle handle, NewWorkPool pool) {
    Names.check(pool.name(), "Work pool");
    if (pool.name().toLowerCase(Locale.ROOT).startsWith(RESERVED)) {
      throw new SheaveException(
          Code.PERMISSION_DENIED,
          "Work pool names that begin with 'Prefect' are reserved, as '"
              + pool.name()
              + "' does; choose another one.");
    }
    if (find(handle, pool.name()).isPresent()) {
      throw new SheaveException(
          Code.ALREADY_EXISTS, "The work pool '" + pool.name() + "' already exists.");
    }
    insert(handle, pool);
    createDefaultQueue(handle, pool.name());
    return read(handle, pool.name());
  }

  private static UUID insert(Handle handle, NewWorkPool pool) {
    checkLimit(pool.concurrencyLimit());
    UUID id = UUID.randomUUID();
    handle
        .createUpdate(
            "insert into work_pool (id, created, updated, name, description, type,"
                + " base_job_template, is_paused, concurrency_limit) values (:id, :created,"
                + " :created, :name, :description, :type, :template, :paused, :limit)")
        .bind("id", id)
        .bind("created", StoreClock.now(handle))
        .bind("name", pool.name())
        .bind("description", pool.description())
        .bind("type", pool.type())
        .bind("template", Json.write(pool.baseJobTemplate()))
        .bind("paused", pool.isPaused())
        .bind("limit", pool.concurrencyLimit())
        .execute();
    return id;
  }

  /** Makes a pool's default queue, or takes the one that has its name. */
  private static void createDefaultQueue(Handle handle, String pool) {
    UUID queue = WorkQueueTable.idOrNew(handle, pool, DEFAULT_QUEUE);
    handle
        .createUpdate("update work_pool set default_queue_id = :queue where name = :name")
        .bind("queue", queue)
        .bind("name", pool)
        .execute();
  }

  /** Returns whether the default pool lacks anything that {@link #completeDefault} makes. */
  public static boolean isDefaultIncomplete(Handle handle) {
    return find(handle, WorkQueueApi.DEFAULT_POOL)
        .map(pool -> pool.defaultQueueId() == null)
        .orElse(true);
  }

  /** Makes the default pool and its default queue, if they don't exist. */
  public static void completeDefault(Handle handle) {
    if (isDefaultIncomplete(handle)) {
      idOrDefault(handle, WorkQueueApi.DEFAULT_POOL);
      createDefaultQueue(handle, WorkQueueApi.DEFAULT_POOL);
    }
  }

  /**
   * Returns the id of a pool. The default one is created if it doesn't exist.
   *
   * @throws SheaveException {@code NOT_FOUND} if there is no such pool
   */
  static UUID idOrDefault(Handle handle, String name) {
    Optional<WorkPoolRecord> existing = find(handle, name);
    if (existing.isPresent()) {
      return existing.get().id();
    }
    if (!name.equals(WorkQueueApi.DEFAULT_POOL)) {
      throw new SheaveException(
          Code.NOT_FOUND,
          "The work pool '"
              + name
              + "' doesn't exist; create it with 'sheave work-pool create "
              + ShellWord.of(name)
              + "'.");
    }
    return insert(handle, NewWorkPool.builder(name).type(WorkPoolApi.AGENT_TYPE).build());
  }

  /** Reads a pool. */
  public static WorkPoolRecord read(Handle handle, String name) {
    return find(handle, name).orElseThrow(() -> missing(name));
  }

  /** Finds a pool. */
  public static Optional<WorkPoolRecord> find(Handle handle, String name) {
    return handle
        .createQuery("select * from work_pool where name = :name")
        .bind("name", name)
        .map((row, context) -> record(row))
        .findFirst();
  }

  /** Lists pools by name. */
  public static List<WorkPoolRecord> list(Handle handle, WorkPoolFilter filter, Page page) {
    Where where = new Where();
    String condition =
        new RecordConditions(where, RecordFilter.builder().workPools(filter).build()).ofWorkPools();
    String end = Listing.ascending("work_pool p", "p", "name").end(handle, where, condition, page);
    return where
        .bindTo(handle.createQuery("select p.* from work_pool p" + end))
        .map((row, context) -> record(row))
        .list();
  }

  /** Changes a pool. */
  public static void update(Handle handle, String name, WorkPoolUpdate update) {
    WorkPoolRecord pool = read(handle, name);
    Integer limit = update.concurrencyLimit().applyTo(pool.concurrencyLimit());
    checkLimit(limit);
    Map<String, @Nullable Object> template =
        update.baseJobTemplate().applyTo(pool.baseJobTemplate());
    handle
        .createUpdate(
            "update work_pool set updated = :now, description = :description,"
                + " base_job_template = :template, is_paused = :paused,"
                + " concurrency_limit = :limit where id = :id")
        .bind("now", StoreClock.nowAfter(handle, pool.updated()))
        .bind("description", update.description().applyTo(pool.description()))
        .bind("template", Json.write(template == null ? Map.of() : template))
        .bind("paused", Boolean.TRUE.equals(update.isPaused().applyTo(pool.isPaused())))
        .bind("limit", limit)
        .bind("id", pool.id())
        .execute();
  }

  /** Deletes a pool with its queues. */
  public static void delete(Handle handle, String name) {
    if (name.equals(WorkQueueApi.DEFAULT_POOL)) {
      throw new SheaveException(
          Code.PERMISSION_DENIED, "The work pool '" + name + "' is the default one and stays.");
    }
    handle
        .createUpdate("delete from work_pool where id = :id")
        .bind("id", read(handle, name).id())
        .execute();
  }

  private static void checkLimit(@Nullable Integer limit) {
    if (limit != null && limit < 0) {
      throw new SheaveException(
          Code.INVALID,
          "The concurrency limit of a work pool must be 0 or more, not " + limit + ".");
    }
  }

  private static SheaveException missing(String name) {
    return new SheaveException(Code.NOT_FOUND, "The work pool '" + name + "' doesn't exist.");
  }

  private static WorkPoolRecord record(ResultSet columns) throws SQLException {
    Row row = new Row(columns);
    return new WorkPoolRecord(
        row.id("id"),
        row.time("created"),
        row.time("updated"),
        row.text("name"),
        row.textOrNull("description"),
        row.text("type"),
        row.object("base_job_template"),
        row.flag("is_paused"),
        row.numberOrNull("concurrency_limit"),
        row.idOrNull("default_queue_id"));
  }
}
