package dev.sheave.orchestrator.internal.run;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.ConcurrencyLimitRecord;
import dev.sheave.api.Created;
import dev.sheave.api.Page;
import dev.sheave.orchestrator.internal.database.MissingRecord;
import dev.sheave.orchestrator.internal.database.Row;
import dev.sheave.orchestrator.internal.database.StoreClock;
import dev.sheave.orchestrator.internal.query.Listing;
import dev.sheave.orchestrator.internal.query.Where;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** The tables of concurrency limits and of the slots that task runs hold. */
final class ConcurrencyLimitTable {
  private static final String LIMITS = "concurrency_limit l";

  private ConcurrencyLimitTable() {}

  static Created<ConcurrencyLimitRecord> set(Handle handle, String tag, int limit) {
    if (tag.isBlank()) {
      throw new SheaveException(Code.INVALID, "The tag of a concurrency limit must not be empty.");
    }
    if (limit < 0) {
      throw new SheaveException(
          Code.INVALID, "A concurrency limit must be 0 or more, not " + limit + ".");
    }
    Optional<ConcurrencyLimitRecord> existing = find(handle, tag);
    UUID id = existing.map(ConcurrencyLimitRecord::id).orElseGet(UUID::randomUUID);
    Instant now =
        existing
            .map(each -> StoreClock.nowAfter(handle, each.updated()))
            .orElseGet(() -> StoreClock.now(handle));
    handle
        .createUpdate(
            "insert into concurrency_limit (id, created, updated, tag, concurrency_limit)"
                + " values (:id, :now, :now, :tag, :limit) on conflict (tag) do update set"
                + " updated = excluded.updated, concurrency_limit = excluded.concurrency_limit")
        .bind("id", id)
        .bind("now", now)
        .bind("tag", tag)
        .bind("limit", limit)
        .execute();
    return new Created<>(read(handle, id), existing.isEmpty());
  }

  static ConcurrencyLimitRecord read(Handle handle, UUID id) {
    return handle
        .createQuery("select * from concurrency_limit where id = :id")
        .bind("id", id)
        .map((row, context) -> record(handle, row))
        .findFirst()
        .orElseThrow(() -> MissingRecord.of("concurrency limit", id));
  }

  static Optional<ConcurrencyLimitRecord> find(Handle handle, String tag) {
    return handle
        .createQuery("select * from concurrency_limit where tag = :tag")
        .bind("tag", tag)
        .map((row, context) -> record(handle, row))
        .findFirst();
  }

  static List<ConcurrencyLimitRecord> list(Handle handle, Page page) {
    Where where = new Where();
    String end = Listing.ascending(LIMITS, "l", "tag").end(handle, where, "", page);
    return where
        .bindTo(handle.createQuery("select l.* from " + LIMITS + end))
        .map((row, context) -> record(handle, row))
        .list();
  }

  /** Returns the limits of some tags, by tag. */
  static List<ConcurrencyLimitRecord> ofTags(Handle handle, Collection<String> tags) {
    if (tags.isEmpty()) {
      return List.of();
    }
    return handle
        .createQuery("select * from concurrency_limit where tag in (<tags>) order by tag")
        .bindList("tags", List.copyOf(tags))
        .map((row, context) -> record(handle, row))
        .list();
  }

  static void delete(Handle handle, UUID id) {
    read(handle, id);
    handle.createUpdate("delete from concurrency_limit where id = :id").bind("id", id).execute();
  }

  static void reset(Handle handle, UUID id, List<UUID> holders) {
    read(handle, id);
    holders.forEach(holder -> TaskRunTable.read(handle, holder));
    handle
        .createUpdate("delete from concurrency_slot where limit_id = :id")
        .bind("id", id)
        .execute();
    holders.forEach(holder -> take(handle, id, holder));
  }

  /** Gives a task run a slot, unless it has one. */
  static void take(Handle handle, UUID limitId, UUID taskRunId) {
    handle
        .createUpdate(
            "insert into concurrency_slot (limit_id, task_run_id) values (:limit, :run)"
                + " on conflict do nothing")
        .bind("limit", limitId)
        .bind("run", taskRunId)
        .execute();
  }

  /** Takes all slots from a task run. */
  static void release(Handle handle, UUID taskRunId) {
    handle
        .createUpdate("delete from concurrency_slot where task_run_id = :run")
        .bind("run", taskRunId)
        .execute();
  }

  private static ConcurrencyLimitRecord record(Handle handle, ResultSet columns)
      throws SQLException {
    Row row = new Row(columns);
    UUID id = row.id("id");
    return new ConcurrencyLimitRecord(
        id,
        row.time("created"),
        row.time("updated"),
        row.text("tag"),
        row.number("concurrency_limit"),
        handle
            .createQuery(
                "select task_run_id from concurrency_slot where limit_id = :id order by sequence")
            .bind("id", id)
            .map((slot, context) -> new Row(slot).id("task_run_id"))
            .list());
  }
}
