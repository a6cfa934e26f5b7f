package dev.sheave.orchestrator.internal.database;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.jspecify.annotations.Nullable;

/**
 * Writes new rows. With many of them, Jdbi takes more time to find how each value is bound than all
 * else takes; so they are given to the driver itself.
 */
public final class NewRows {

  private NewRows() {}

  /**
   * Writes rows.
   *
   * @param rows the values by their columns; all have the same columns, in the same order
   */
  public static void insert(Handle handle, String table, List<Map<String, @Nullable Object>> rows) {
    if (rows.isEmpty()) {
      return;
    }
    Set<String> columns = rows.get(0).keySet();
    String sql =
        "insert into "
            + table
            + " ("
            + String.join(", ", columns)
            + ") values ("
            + String.join(", ", Collections.nCopies(columns.size(), "?"))
            + ")";
    try (PreparedStatement statement = handle.getConnection().prepareStatement(sql)) {
      for (Map<String, @Nullable Object> row : rows) {
        int place = 1;
        for (Object value : row.values()) {
          ColumnTypes.set(statement, place++, value);
        }
        statement.addBatch();
      }
      statement.executeBatch();
    } catch (SQLException e) {
      throw new UnableToExecuteStatementException(e, null);
    }
  }
}
