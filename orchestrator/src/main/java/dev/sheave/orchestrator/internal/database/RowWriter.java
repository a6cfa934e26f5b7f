package dev.sheave.orchestrator.internal.database;

import dev.sheave.internal.Json;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.config.JdbiConfig;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.jspecify.annotations.Nullable;

/**
 * Writes any number of rows by one statement. Where a database is asked over a network, the rows
 * are one JSON text: so the statement is the same one however many there are, and is planned once.
 */
public final class RowWriter implements JdbiConfig<RowWriter> {
  /**
   * Keeps the planner from the guess that there are so many rows that it is best to read the whole
   * table: of a limit that it can't know it expects a tenth.
   */
  private static final String FEW = " limit (select 1000000)";

  private boolean takesJson;

  /** Makes one that gives the rows to the driver one by one; Jdbi does. */
  public RowWriter() {}

  /** Has rows written as JSON. */
  void takeJson() {
    takesJson = true;
  }

  @Override
  public RowWriter createCopy() {
    RowWriter copy = new RowWriter();
    copy.takesJson = takesJson;
    return copy;
  }

  /**
   * A change of a row.
   *
   * @param id which row
   * @param state the {@code state_id} that it was seen with
   * @param set the new values by their columns
   * @param add numbers by the columns that they are added to
   */
  public record Change(
      UUID id, UUID state, Map<String, @Nullable Object> set, Map<String, Integer> add) {}

  /**
   * Returns the few values of a list, to be looked up in an index.
   *
   * @param list a JSON list of strings, or the name it is bound by
   */
  public static String fewOf(String list) {
    return "(select value from json_each(" + list + ")" + FEW + ")";
  }

  /**
   * Writes new rows.
   *
   * @param rows the values by their columns; all have the same columns, in the same order
   */
  public static void insert(Handle handle, String table, List<Map<String, @Nullable Object>> rows) {
    if (rows.isEmpty()) {
      return;
    }
    Set<String> columns = rows.get(0).keySet();
    String names = String.join(", ", columns);
    String into = "insert into " + table + " (" + names + ") ";
    if (handle.getConfig(RowWriter.class).takesJson) {
      execute(
          handle,
          into + "select " + names + " from json_populate_recordset(null::" + table + ", ?::json)",
          List.of(List.of(json(rows))));
    } else {
      execute(
          handle,
          into + "values (" + String.join(", ", Collections.nCopies(columns.size(), "?")) + ")",
          rows.stream().map(row -> plain(row.values())).toList());
    }
  }

  /**
   * Changes rows.
   *
   * @param changes all have the same columns, in the same order
   * @throws OvertakenException if one has another state by now than it was seen with
   */
  public static void update(Handle handle, String table, List<Change> changes) {
    if (changes.isEmpty()) {
      return;
    }
    int changed =
        handle.getConfig(RowWriter.class).takesJson
            ? updateByJson(handle, table, changes)
            : updateEach(handle, table, changes);
    if (changed < changes.size()) {
      throw new OvertakenException("A run has entered another state meanwhile.");
    }
  }

  private static int updateByJson(Handle handle, String table, List<Change> changes) {
    List<Map<String, @Nullable Object>> rows = new ArrayList<>();
    for (Change each : changes) {
      Map<String, @Nullable Object> row = new LinkedHashMap<>(each.set());
      row.putAll(each.add());
      row.put("id", each.id());
      rows.add(row);
    }
    String sql =
        "update "
            + table
            + " t set "
            + assignments(changes, "v.", "t.")
            + " from (select * from rows from (json_populate_recordset(null::"
            + table
            + ", ?::json), json_array_elements_text(?::json))"
            + FEW
            + ") v where t.id = v.id and t.state_id = v.value";
    String seen = Json.write(changes.stream().map(each -> each.state().toString()).toList());
    return execute(handle, sql, List.of(List.of(json(rows), seen)));
  }

  private static int updateEach(Handle handle, String table, List<Change> changes) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (Change each : changes) {
      List<@Nullable Object> values = new ArrayList<>(each.set().values());
      values.addAll(each.add().values());
      values.addAll(List.of(each.id(), each.state()));
      rows.add(plain(values));
    }
    return execute(
        handle,
        "update "
            + table
            + " set "
            + assignments(changes, null, "")
            + " where id = ? and state_id = ?",
        rows);
  }

  private static String assignments(List<Change> changes, @Nullable String from, String own) {
    Change first = changes.get(0);
    return Stream.concat(
            first.set().keySet().stream().map(column -> column + " = " + value(column, from)),
            first.add().keySet().stream()
                .map(column -> column + " = " + own + column + " + " + value(column, from)))
        .collect(Collectors.joining(", "));
  }

  private static String value(String column, @Nullable String from) {
    return from == null ? "?" : from + column;
  }

  private static List<@Nullable Object> plain(Collection<? extends @Nullable Object> values) {
    List<@Nullable Object> plain = new ArrayList<>();
    values.forEach(value -> plain.add(ColumnTypes.plain(value)));
    return plain;
  }

  private static String json(List<Map<String, @Nullable Object>> rows) {
    List<Map<String, @Nullable Object>> plain = new ArrayList<>();
    for (Map<String, @Nullable Object> row : rows) {
      Map<String, @Nullable Object> values = new LinkedHashMap<>();
      row.forEach((column, value) -> values.put(column, ColumnTypes.plain(value)));
      plain.add(values);
    }
    return Json.write(plain);
  }

  /**
   * Executes a statement with the values of each row. With many of them, Jdbi takes more time to
   * find how each value is bound than all else takes; so they are given to the driver itself.
   *
   * @param rows values as they stand in columns
   * @return how many rows were changed
   */
  private static int execute(
      Handle handle, String sql, List<? extends List<? extends @Nullable Object>> rows) {
    try (PreparedStatement statement = handle.getConnection().prepareStatement(sql)) {
      for (List<? extends @Nullable Object> row : rows) {
        for (int i = 0; i < row.size(); i++) {
          statement.setObject(i + 1, row.get(i));
        }
        if (rows.size() == 1) {
          // PostgreSQL's driver lets the server plan a batch of one anew each time
          return statement.executeUpdate();
        }
        statement.addBatch();
      }
      return Arrays.stream(statement.executeBatch()).sum();
    } catch (SQLException e) {
      throw new UnableToExecuteStatementException(e, null);
    }
  }
}
