package dev.sheave.orchestrator.internal.record;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.Created;
import dev.sheave.api.Page;
import dev.sheave.api.SavedSearchApi;
import dev.sheave.api.SavedSearchRecord;
import dev.sheave.api.internal.SavedSearchJson;
import dev.sheave.internal.Json;
import dev.sheave.orchestrator.internal.database.Database;
import dev.sheave.orchestrator.internal.database.MissingRecord;
import dev.sheave.orchestrator.internal.database.Row;
import dev.sheave.orchestrator.internal.database.StoreClock;
import dev.sheave.orchestrator.internal.query.Listing;
import dev.sheave.orchestrator.internal.query.Where;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Saved searches over JDBC. Safe for use by several threads. */
public final class JdbcSavedSearchApi implements SavedSearchApi {
  private static final String TABLE = "saved_search s";

  private final Database database;

  /** Keeps the records in a database. */
  public JdbcSavedSearchApi(Database database) {
    this.database = database;
  }

  @Override
  public Created<SavedSearchRecord> saveSearch(
      String name, List<SavedSearchRecord.Filter> filters) {
    if (name.isBlank()) {
      throw new SheaveException(Code.INVALID, "The name of a saved search must not be empty.");
    }
    return database.write(
        handle -> {
          Optional<SavedSearchRecord> existing =
              handle
                  .createQuery("select * from saved_search where name = :name")
                  .bind("name", name)
                  .map((row, context) -> record(row))
                  .findFirst();
          UUID id = existing.map(SavedSearchRecord::id).orElseGet(UUID::randomUUID);
          Instant now =
              existing
                  .map(each -> StoreClock.nowAfter(handle, each.updated()))
                  .orElseGet(() -> StoreClock.now(handle));
          handle
              .createUpdate(
                  "insert into saved_search (id, created, updated, name, filters)"
                      + " values (:id, :now, :now, :name, :filters) on conflict (name) do update"
                      + " set updated = excluded.updated, filters = excluded.filters")
              .bind("id", id)
              .bind("now", now)
              .bind("name", name)
              .bind("filters", Json.write(SavedSearchJson.SEARCH_FILTER.toJson(filters)))
              .execute();
          return new Created<>(read(handle, id), existing.isEmpty());
        });
  }

  @Override
  public SavedSearchRecord readSavedSearch(UUID id) {
    return database.read(handle -> read(handle, id));
  }

  private static SavedSearchRecord read(Handle handle, UUID id) {
    return handle
        .createQuery("select * from saved_search where id = :id")
        .bind("id", id)
        .map((row, context) -> record(row))
        .findFirst()
        .orElseThrow(() -> MissingRecord.of("saved search", id));
  }

  @Override
  public List<SavedSearchRecord> listSavedSearches(Page page) {
    return database.read(
        handle -> {
          Where where = new Where();
          String end = Listing.ascending(TABLE, "s", "name").end(handle, where, "", page);
          return where
              .bindTo(handle.createQuery("select s.* from " + TABLE + end))
              .map((row, context) -> record(row))
              .list();
        });
  }

  @Override
  public void deleteSavedSearch(UUID id) {
    database.change(
        handle -> {
          read(handle, id);
          handle.createUpdate("delete from saved_search where id = :id").bind("id", id).execute();
        });
  }

  private static SavedSearchRecord record(ResultSet columns) throws SQLException {
    Row row = new Row(columns);
    return new SavedSearchRecord(
        row.id("id"),
        row.time("created"),
        row.time("updated"),
        row.text("name"),
        SavedSearchJson.SEARCH_FILTER.listFromJson(Json.parse(row.text("filters"), "filters")));
  }
}
