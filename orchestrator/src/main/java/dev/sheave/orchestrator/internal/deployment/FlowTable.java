package dev.sheave.orchestrator.internal.deployment;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.FlowRecord;
import dev.sheave.api.Page;
import dev.sheave.orchestrator.internal.database.Names;
import dev.sheave.orchestrator.internal.database.Row;
import dev.sheave.orchestrator.internal.database.Times;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** The table of flows. */
public final class FlowTable {

  private FlowTable() {}

  static FlowRecord findOrCreate(Handle handle, String name) {
    Names.check(name, "Flow");
    Optional<FlowRecord> existing = find(handle, name);
    if (existing.isPresent()) {
      return existing.get();
    }
    Instant now = Times.now();
    FlowRecord made = new FlowRecord(UUID.randomUUID(), now, now, name, List.of());
    handle
        .createUpdate(
            "insert into flow (id, created, updated, name, tags)"
                + " values (:id, :created, :created, :name, :tags)")
        .bind("id", made.id())
        .bind("created", made.created())
        .bind("name", name)
        .bind("tags", "[]")
        .execute();
    return made;
  }

  static Optional<FlowRecord> find(Handle handle, String name) {
    return handle
        .createQuery("select * from flow where name = :name")
        .bind("name", name)
        .map((row, context) -> record(row))
        .findFirst();
  }

  /**
   * Reads a flow.
   *
   * @throws SheaveException {@code NOT_FOUND} if there is none
   */
  public static FlowRecord read(Handle handle, UUID id) {
    return handle
        .createQuery("select * from flow where id = :id")
        .bind("id", id)
        .map((row, context) -> record(row))
        .findFirst()
        .orElseThrow(
            () ->
                new SheaveException(
                    Code.NOT_FOUND, "The flow with the id " + id + " doesn't exist."));
  }

  static List<FlowRecord> list(Handle handle, Page page) {
    return handle
        .createQuery("select * from flow order by created desc, id limit :limit offset :offset")
        .bind("limit", page.limit())
        .bind("offset", page.offset())
        .map((row, context) -> record(row))
        .list();
  }

  private static FlowRecord record(ResultSet columns) throws SQLException {
    Row row = new Row(columns);
    return new FlowRecord(
        row.id("id"),
        row.time("created"),
        row.time("updated"),
        row.text("name"),
        row.texts("tags"));
  }
}
