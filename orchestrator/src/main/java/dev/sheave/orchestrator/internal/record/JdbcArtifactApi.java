package dev.sheave.orchestrator.internal.record;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.ArtifactApi;
import dev.sheave.api.ArtifactFilter;
import dev.sheave.api.ArtifactRecord;
import dev.sheave.api.NewArtifact;
import dev.sheave.api.Page;
import dev.sheave.api.RecordFilter;
import dev.sheave.internal.Json;
import dev.sheave.orchestrator.internal.database.Database;
import dev.sheave.orchestrator.internal.database.MissingRecord;
import dev.sheave.orchestrator.internal.database.Row;
import dev.sheave.orchestrator.internal.database.StoreClock;
import dev.sheave.orchestrator.internal.query.Listing;
import dev.sheave.orchestrator.internal.query.RecordConditions;
import dev.sheave.orchestrator.internal.query.Where;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Artifacts over JDBC. Safe for use by several threads. */
public final class JdbcArtifactApi implements ArtifactApi {
  private static final Pattern KEY = Pattern.compile("[a-z0-9-]+");
  private static final String TABLE = "artifact a";

  private static final String IS_LATEST =
      "a.key is not null and not exists"
          + " (select 1 from artifact n where n.key = a.key and n.sequence > a.sequence)";

  private final Database database;

  /** Keeps the records in a database. */
  public JdbcArtifactApi(Database database) {
    this.database = database;
  }

  @Override
  public ArtifactRecord createArtifact(NewArtifact artifact) {
    String key = artifact.key();
    if (key != null && !KEY.matcher(key).matches()) {
      throw new SheaveException(
          Code.INVALID,
          "The key of an artifact must have lower-case letters, digits and hyphens only.");
    }
    UUID id = UUID.randomUUID();
    return database.write(
        handle -> {
          checkExists(handle, "flow_run", "flow run", artifact.flowRunId());
          checkExists(handle, "task_run", "task run", artifact.taskRunId());
          handle
              .createUpdate(
                  "insert into artifact (id, created, updated, key, type, description, data,"
                      + " metadata, flow_run_id, task_run_id) values (:id, :created, :created,"
                      + " :key, :type, :description, :data, :metadata, :flow_run, :task_run)")
              .bind("id", id)
              .bind("created", StoreClock.now(handle))
              .bind("key", key)
              .bind("type", artifact.type())
              .bind("description", artifact.description())
              .bind("data", json(artifact.data()))
              .bind("metadata", Json.write(artifact.metadata()))
              .bind("flow_run", artifact.flowRunId())
              .bind("task_run", artifact.taskRunId())
              .execute();
          return read(handle, id);
        });
  }

  private static void checkExists(Handle handle, String table, String what, @Nullable UUID id) {
    if (id != null
        && handle
            .createQuery("select 1 from " + table + " where id = :id")
            .bind("id", id)
            .map((row, context) -> true)
            .findFirst()
            .isEmpty()) {
      throw MissingRecord.of(what, id);
    }
  }

  private static @Nullable String json(@Nullable Object value) {
    return value == null ? null : Json.write(value);
  }

  @Override
  public ArtifactRecord readArtifact(UUID id) {
    return database.read(handle -> read(handle, id));
  }

  private static ArtifactRecord read(Handle handle, UUID id) {
    return handle
        .createQuery("select * from artifact where id = :id")
        .bind("id", id)
        .map((row, context) -> record(row))
        .findFirst()
        .orElseThrow(() -> MissingRecord.of("artifact", id));
  }

  @Override
  public Optional<ArtifactRecord> findLatestArtifact(String key) {
    return database.read(
        handle ->
            handle
                .createQuery(
                    "select * from artifact where key = :key order by sequence desc limit 1")
                .bind("key", key)
                .map((row, context) -> record(row))
                .findFirst());
  }

  @Override
  public List<ArtifactRecord> listArtifacts(
      ArtifactFilter filter,
      RecordFilter records,
      boolean onlyLatest,
      ArtifactSort sort,
      Page page) {
    Listing listing =
        switch (sort) {
          case CREATED_DESC -> Listing.descending(TABLE, "a", "created");
          case UPDATED_DESC -> Listing.descending(TABLE, "a", "updated");
          case ID_DESC -> Listing.descending(TABLE, "a", "id");
          case KEY_ASC -> new Listing(TABLE, "a.id", "coalesce(a.key, '')", false);
          case KEY_DESC -> new Listing(TABLE, "a.id", "coalesce(a.key, '')", true);
        };
    return database.read(
        handle -> {
          Where where = new Where();
          String condition = condition(where, filter, records, onlyLatest);
          String end = listing.end(handle, where, condition, page);
          return where
              .bindTo(handle.createQuery("select a.* from " + TABLE + end))
              .map((row, context) -> record(row))
              .list();
        });
  }

  @Override
  public int countArtifacts(ArtifactFilter filter, RecordFilter records, boolean onlyLatest) {
    Where where = new Where();
    String query =
        "select count(*) from "
            + TABLE
            + Where.clause(condition(where, filter, records, onlyLatest));
    return database.read(
        handle ->
            where.bindTo(handle.createQuery(query)).map((row, context) -> row.getInt(1)).one());
  }

  private static String condition(
      Where where, ArtifactFilter filter, RecordFilter records, boolean onlyLatest) {
    RecordConditions conditions = new RecordConditions(where, records);
    return Where.all(
        Where.join(
            filter.operator(),
            List.of(
                where.field("a.id", filter.id()),
                where.field("a.key", filter.key()),
                where.field("a.flow_run_id", filter.flowRunId()),
                where.field("a.task_run_id", filter.taskRunId()),
                where.field("a.type", filter.type()))),
        conditions.flowRunsOf("a.flow_run_id"),
        conditions.taskRunsOf("a.task_run_id"),
        onlyLatest ? IS_LATEST : "");
  }

  @Override
  public void updateArtifact(UUID id, ArtifactUpdate update) {
    database.change(
        handle -> {
          ArtifactRecord artifact = read(handle, id);
          Map<String, @Nullable Object> metadata = update.metadata().applyTo(artifact.metadata());
          handle
              .createUpdate(
                  "update artifact set updated = :now, data = :data, description = :description,"
                      + " metadata = :metadata where id = :id")
              .bind("now", StoreClock.nowAfter(handle, artifact.updated()))
              .bind("data", json(update.data().applyTo(artifact.data())))
              .bind("description", update.description().applyTo(artifact.description()))
              .bind("metadata", Json.write(metadata == null ? Map.of() : metadata))
              .bind("id", id)
              .execute();
        });
  }

  @Override
  public void deleteArtifact(UUID id) {
    database.change(
        handle -> {
          read(handle, id);
          handle.createUpdate("delete from artifact where id = :id").bind("id", id).execute();
        });
  }

  private static ArtifactRecord record(ResultSet columns) throws SQLException {
    Row row = new Row(columns);
    String data = row.textOrNull("data");
    return new ArtifactRecord(
        row.id("id"),
        row.time("created"),
        row.time("updated"),
        row.textOrNull("key"),
        row.textOrNull("type"),
        row.textOrNull("description"),
        data == null ? null : Json.parse(data, "The data of an artifact"),
        row.object("metadata"),
        row.idOrNull("flow_run_id"),
        row.idOrNull("task_run_id"));
  }
}
