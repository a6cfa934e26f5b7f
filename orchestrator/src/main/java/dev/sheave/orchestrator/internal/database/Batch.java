package dev.sheave.orchestrator.internal.database;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.jspecify.annotations.Nullable;

/**
 * One statement with the values of many rows. With many of them, Jdbi takes more time to find how
 * each value is bound than all else takes; so they are given to the driver itself.
 */
public final class Batch {

  private Batch() {}

  /**
   * Executes it.
   *
   * @param sql the statement, with a {@code ?} for each value
   * @param rows the values of each row
   * @return how many rows each has changed; for new ones, not always known
   */
  public static int[] execute(
      Handle handle, String sql, List<? extends Collection<@Nullable Object>> rows) {
    try (PreparedStatement statement = handle.getConnection().prepareStatement(sql)) {
      for (Collection<@Nullable Object> row : rows) {
        int place = 1;
        for (Object value : row) {
          ColumnTypes.set(statement, place++, value);
        }
        if (rows.size() == 1) {
          // PostgreSQL's driver lets the server plan a batch of one anew each time
          return new int[] {statement.executeUpdate()};
        }
        statement.addBatch();
      }
      return statement.executeBatch();
    } catch (SQLException e) {
      throw new UnableToExecuteStatementException(e, null);
    }
  }
}
