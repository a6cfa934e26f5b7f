package dev.sheave.orchestrator.internal.database;

import dev.sheave.orchestrator.internal.database.Changes.ChangeSource;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/** A connection that is told by triggers, with the name of the changed schema. For one thread. */
final class PostgresChanges implements ChangeSource {
  /** The name of the channel, which the triggers know. */
  private static final String CHANNEL = "sheave";

  /** Many changes are told at once. */
  private static final Duration GATHER = Duration.ofMillis(25);

  /** After so long without changes it is asked whether it is still there. */
  private static final Duration SILENCE = Duration.ofSeconds(30);

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Connection connection;
  private final PGConnection notified;
  private final String schema;
  private long lastHeard = System.nanoTime();

  PostgresChanges(Connection connection) throws SQLException {
    this.connection = connection;
    this.notified = connection.unwrap(PGConnection.class);
    try (Statement statement = connection.createStatement()) {
      statement.execute("listen " + CHANNEL);
      try (ResultSet row = statement.executeQuery("select current_schema()")) {
        row.next();
        this.schema = row.getString(1);
      }
    }
  }

  @Override
  public boolean await(Duration atMost) throws SQLException, InterruptedException {
    PGNotification[] changes = notified.getNotifications(Math.toIntExact(atMost.toMillis()));
    if (changes == null) {
      checkAfterSilence();
    } else {
      lastHeard = System.nanoTime();
      for (PGNotification each : changes) {
        if (each.getParameter().equals(schema)) {
          TimeUnit.NANOSECONDS.sleep(GATHER.toNanos());
          return true;
        }
      }
    }
    return false;
  }

  /** A connection whose other end is gone tells of nothing, and not of that either. */
  private void checkAfterSilence() throws SQLException {
    if (System.nanoTime() - lastHeard < SILENCE.toNanos()) {
      return;
    }
    lastHeard = System.nanoTime();
    if (!connection.isValid(Math.toIntExact(PATIENCE.toSeconds()))) {
      throw new SQLException("the database tells of no changes any more");
    }
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
