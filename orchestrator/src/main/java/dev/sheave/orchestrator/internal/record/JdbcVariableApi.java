package dev.sheave.orchestrator.internal.record;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.Page;
import dev.sheave.api.VariableApi;
import dev.sheave.api.VariableFilter;
import dev.sheave.api.VariableRecord;
import dev.sheave.internal.Json;
import dev.sheave.orchestrator.internal.database.Database;
import dev.sheave.orchestrator.internal.database.MissingRecord;
import dev.sheave.orchestrator.internal.database.Row;
import dev.sheave.orchestrator.internal.database.StoreClock;
import dev.sheave.orchestrator.internal.query.Listing;
import dev.sheave.orchestrator.internal.query.Where;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Variables over JDBC. Safe for use by several threads. */
public final class JdbcVariableApi implements VariableApi {
  private static final Pattern NAME = Pattern.compile("[a-z0-9_]+");
  private static final String TABLE = "variable v";

  private final Database database;

  /** Keeps the records in a database. */
  public JdbcVariableApi(Database database) {
    this.database = database;
  }

  @Override
  public VariableRecord createVariable(String name, String value, List<String> tags) {
    check(name, value);
    UUID id = UUID.randomUUID();
    return database.write(
        handle -> {
          checkIsFree(handle, name, null);
          handle
              .createUpdate(
                  "insert into variable (id, created, updated, name, value, tags)"
                      + " values (:id, :created, :created, :name, :value, :tags)")
              .bind("id", id)
              .bind("created", StoreClock.now(handle))
              .bind("name", name)
              .bind("value", value)
              .bind("tags", Json.write(tags))
              .execute();
          return read(handle, id);
        });
  }

  private static void check(@Nullable String name, @Nullable String value) {
    if (name == null || !NAME.matcher(name).matches() || name.length() > MAX_NAME_LENGTH) {
      throw new SheaveException(
          Code.INVALID,
          "The name of a variable must have lower-case letters, digits and underscores only, and at"
              + " most "
              + MAX_NAME_LENGTH
              + " of them.");
    }
    if (value == null || value.length() > MAX_VALUE_LENGTH) {
      throw new SheaveException(
          Code.INVALID,
          "The value of the variable '"
              + name
              + "' must be a string of at most "
              + MAX_VALUE_LENGTH
              + " characters.");
    }
  }

  private static void checkIsFree(Handle handle, String name, @Nullable UUID own) {
    Optional<VariableRecord> existing = find(handle, name);
    if (existing.isPresent() && !existing.get().id().equals(own)) {
      throw new SheaveException(Code.ALREADY_EXISTS, "The variable '" + name + "' already exists.");
    }
  }

  @Override
  public VariableRecord readVariable(UUID id) {
    return database.read(handle -> read(handle, id));
  }

  private static VariableRecord read(Handle handle, UUID id) {
    return handle
        .createQuery("select * from variable where id = :id")
        .bind("id", id)
        .map((row, context) -> record(row))
        .findFirst()
        .orElseThrow(() -> MissingRecord.of("variable", id));
  }

  @Override
  public Optional<VariableRecord> findVariable(String name) {
    return database.read(handle -> find(handle, name));
  }

  private static Optional<VariableRecord> find(Handle handle, String name) {
    return handle
        .createQuery("select * from variable where name = :name")
        .bind("name", name)
        .map((row, context) -> record(row))
        .findFirst();
  }

  @Override
  public List<VariableRecord> listVariables(VariableFilter filter, VariableSort sort, Page page) {
    Listing listing =
        switch (sort) {
          case CREATED_DESC -> Listing.descending(TABLE, "v", "created");
          case UPDATED_DESC -> Listing.descending(TABLE, "v", "updated");
          case NAME_ASC -> Listing.ascending(TABLE, "v", "name");
          case NAME_DESC -> Listing.descending(TABLE, "v", "name");
        };
    return database.read(
        handle -> {
          Where where = new Where();
          String end = listing.end(handle, where, condition(where, filter), page);
          return where
              .bindTo(handle.createQuery("select v.* from " + TABLE + end))
              .map((row, context) -> record(row))
              .list();
        });
  }

  @Override
  public int countVariables(VariableFilter filter) {
    Where where = new Where();
    String query = "select count(*) from " + TABLE + Where.clause(condition(where, filter));
    return database.read(
        handle ->
            where.bindTo(handle.createQuery(query)).map((row, context) -> row.getInt(1)).one());
  }

  private static String condition(Where where, VariableFilter filter) {
    return Where.join(
        filter.operator(),
        List.of(
            where.field("v.id", filter.id()),
            where.field("v.name", filter.name()),
            where.field("v.value", filter.value()),
            where.tags("v.tags", filter.tags())));
  }

  @Override
  public void updateVariable(UUID id, VariableUpdate update) {
    database.change(
        handle -> {
          VariableRecord variable = read(handle, id);
          String name = update.name().applyTo(variable.name());
          String value = update.value().applyTo(variable.value());
          List<String> tags = update.tags().applyTo(variable.tags());
          check(name, value);
          checkIsFree(handle, String.valueOf(name), id);
          handle
              .createUpdate(
                  "update variable set updated = :now, name = :name, value = :value, tags = :tags"
                      + " where id = :id")
              .bind("now", StoreClock.nowAfter(handle, variable.updated()))
              .bind("name", name)
              .bind("value", value)
              .bind("tags", Json.write(tags == null ? List.of() : tags))
              .bind("id", id)
              .execute();
        });
  }

  @Override
  public void deleteVariable(UUID id) {
    database.change(
        handle -> {
          read(handle, id);
          handle.createUpdate("delete from variable where id = :id").bind("id", id).execute();
        });
  }

  private static VariableRecord record(ResultSet columns) throws SQLException {
    Row row = new Row(columns);
    return new VariableRecord(
        row.id("id"),
        row.time("created"),
        row.time("updated"),
        row.text("name"),
        row.text("value"),
        row.texts("tags"));
  }
}
