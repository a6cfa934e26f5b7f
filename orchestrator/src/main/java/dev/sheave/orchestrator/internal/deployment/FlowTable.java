package dev.sheave.orchestrator.internal.deployment;

import dev.sheave.SheaveException;
import dev.sheave.api.Created;
import dev.sheave.api.DeploymentApi.FlowSort;
import dev.sheave.api.FlowRecord;
import dev.sheave.api.Page;
import dev.sheave.api.RecordFilter;
import dev.sheave.internal.Json;
import dev.sheave.internal.Names;
import dev.sheave.orchestrator.internal.block.AnonymousDocuments;
import dev.sheave.orchestrator.internal.database.MissingRecord;
import dev.sheave.orchestrator.internal.database.Row;
import dev.sheave.orchestrator.internal.database.StoreClock;
import dev.sheave.orchestrator.internal.query.Listing;
import dev.sheave.orchestrator.internal.query.RecordConditions;
import dev.sheave.orchestrator.internal.query.Where;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** The table of flows. */
public final class FlowTable {

  /** Few, so that others don't wait for a flow of many runs to be deleted. */
  private static final int RUNS_AT_ONCE = 200;

  private FlowTable() {}

  static Created<FlowRecord> findOrCreate(Handle handle, String name, List<String> tags) {
    Names.check(name, "Flow");
    Optional<FlowRecord> existing = find(handle, name);
    if (existing.isPresent()) {
      return new Created<>(existing.get(), false);
    }
    Instant now = StoreClock.now(handle);
    FlowRecord made = new FlowRecord(UUID.randomUUID(), now, now, name, List.copyOf(tags));
    handle
        .createUpdate(
            "insert into flow (id, created, updated, name, tags)"
                + " values (:id, :created, :created, :name, :tags)")
        .bind("id", made.id())
        .bind("created", made.created())
        .bind("name", name)
        .bind("tags", Json.write(tags))
        .execute();
    return new Created<>(made, true);
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
        .orElseThrow(() -> MissingRecord.of("flow", id));
  }

  static void update(Handle handle, UUID id, List<String> tags) {
    FlowRecord flow = read(handle, id);
    handle
        .createUpdate("update flow set updated = :now, tags = :tags where id = :id")
        .bind("now", StoreClock.nowAfter(handle, flow.updated()))
        .bind("tags", Json.write(tags))
        .bind("id", id)
        .execute();
  }

  /** Deletes some of a flow's runs, and returns whether there were any. */
  static boolean deleteSomeRuns(Handle handle, UUID id) {
    List<String> runs =
        handle
            .createQuery("select id from flow_run where flow_id = :id limit :limit")
            .bind("id", id)
            .bind("limit", RUNS_AT_ONCE)
            .mapTo(String.class)
            .list();
    if (runs.isEmpty()) {
      return false;
    }
    List<UUID> released =
        handle
            .createQuery(
                "select infrastructure_document_id as id from flow_run where id in (<runs>) and"
                    + " infrastructure_document_id is not null union"
                    + " select document_id from parameter_reference where flow_run_id in (<runs>)")
            .bindList("runs", runs)
            .map((row, context) -> new Row(row).id("id"))
            .list();
    handle
        .createUpdate("delete from flow_run where id in (<runs>)")
        .bindList("runs", runs)
        .execute();
    AnonymousDocuments.collect(handle, released);
    return true;
  }

  static void delete(Handle handle, UUID id) {
    read(handle, id);
    List<UUID> released =
        handle
            .createQuery(
                "select storage_document_id as id from deployment where flow_id = :id union"
                    + " select infrastructure_document_id from deployment where flow_id = :id"
                    + " union select infrastructure_document_id from flow_run where flow_id = :id"
                    + " union select document_id from parameter_reference where deployment_id in"
                    + " (select id from deployment where flow_id = :id) or flow_run_id in"
                    + " (select id from flow_run where flow_id = :id)")
            .bind("id", id)
            .map((row, context) -> Optional.ofNullable(new Row(row).idOrNull("id")))
            .list()
            .stream()
            .flatMap(Optional::stream)
            .toList();
    handle.createUpdate("delete from flow where id = :id").bind("id", id).execute();
    AnonymousDocuments.collect(handle, released);
  }

  static List<FlowRecord> list(Handle handle, RecordFilter filter, FlowSort sort, Page page) {
    Where where = new Where();
    String condition = new RecordConditions(where, filter).ofFlows();
    Listing listing =
        switch (sort) {
          case CREATED_DESC -> Listing.descending("flow f", "f", "created");
          case UPDATED_DESC -> Listing.descending("flow f", "f", "updated");
          case NAME_ASC -> Listing.ascending("flow f", "f", "name");
          case NAME_DESC -> Listing.descending("flow f", "f", "name");
        };
    return where
        .bindTo(
            handle.createQuery(
                "select f.* from flow f" + listing.end(handle, where, condition, page)))
        .map((row, context) -> record(row))
        .list();
  }

  static int count(Handle handle, RecordFilter filter) {
    Where where = new Where();
    String condition = new RecordConditions(where, filter).ofFlows();
    return where
        .bindTo(handle.createQuery("select count(*) from flow f" + Where.clause(condition)))
        .map((row, context) -> row.getInt(1))
        .one();
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
