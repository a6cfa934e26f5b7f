package dev.sheave.orchestrator.internal.queue;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.Page;
import dev.sheave.api.TimeMatch;
import dev.sheave.api.WorkerRecord;
import dev.sheave.orchestrator.internal.database.Row;
import dev.sheave.orchestrator.internal.database.StoreClock;
import dev.sheave.orchestrator.internal.query.Listing;
import dev.sheave.orchestrator.internal.query.Where;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** The table of workers. */
public final class WorkerTable {

  private WorkerTable() {}

  /** Notes that a worker of a pool is there. */
  public static void recordHeartbeat(Handle handle, String pool, String worker) {
    if (worker.isBlank()) {
      throw new SheaveException(Code.INVALID, "The name of a worker must not be empty.");
    }
    handle
        .createUpdate(
            "insert into worker (id, created, updated, name, work_pool_id, last_heartbeat)"
                + " values (:id, :now, :now, :name, :pool, :now)"
                + " on conflict (work_pool_id, name) do update"
                + " set updated = excluded.updated, last_heartbeat = excluded.last_heartbeat")
        .bind("id", UUID.randomUUID())
        .bind("now", StoreClock.now(handle))
        .bind("name", worker)
        .bind("pool", WorkPoolTable.read(handle, pool).id())
        .execute();
  }

  /** Lists workers of a pool by name. */
  public static List<WorkerRecord> list(
      Handle handle, String pool, TimeMatch lastHeartbeat, Page page) {
    Where where = new Where();
    String condition =
        Where.all(
            "w.work_pool_id = " + where.bind(WorkPoolTable.read(handle, pool).id()),
            where.time("w.last_heartbeat", lastHeartbeat));
    String end = Listing.ascending("worker w", "w", "name").end(handle, where, condition, page);
    return where
        .bindTo(handle.createQuery("select w.* from worker w" + end))
        .map(
            (columns, context) -> {
              Row row = new Row(columns);
              return new WorkerRecord(
                  row.id("id"),
                  row.time("created"),
                  row.time("updated"),
                  row.text("name"),
                  row.id("work_pool_id"),
                  row.time("last_heartbeat"));
            })
        .list();
  }
}
