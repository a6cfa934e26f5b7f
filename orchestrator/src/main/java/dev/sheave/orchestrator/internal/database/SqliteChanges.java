package dev.sheave.orchestrator.internal.database;

import dev.sheave.orchestrator.internal.database.Changes.ChangeSource;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * A connection that writes nothing: SQLite tells it by a number whether another one has written,
 * which is looked at often. Used by one thread.
 */
final class SqliteChanges implements ChangeSource {
  private static final Duration EACH = Duration.ofMillis(25);

  private final Connection connection;
  private final Statement statement;
  private long seen;

  SqliteChanges(Connection connection) throws SQLException {
    this.connection = connection;
    this.statement = connection.createStatement();
    this.seen = dataVersion();
  }

  private long dataVersion() throws SQLException {
    try (ResultSet row = statement.executeQuery("pragma data_version")) {
      row.next();
      return row.getLong(1);
    }
  }

  @Override
  public boolean await(Duration atMost) throws SQLException, InterruptedException {
    long deadline = System.nanoTime() + atMost.toNanos();
    do {
      TimeUnit.NANOSECONDS.sleep(EACH.toNanos());
      long now = dataVersion();
      if (now != seen) {
        seen = now;
        return true;
      }
    } while (System.nanoTime() - deadline < 0);
    return false;
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      // it has written nothing
    }
  }
}
