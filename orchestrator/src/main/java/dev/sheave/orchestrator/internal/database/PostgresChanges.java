package dev.sheave.orchestrator.internal.database;

import dev.sheave.orchestrator.internal.database.Changes.ChangeSource;
import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * A connection that is told by triggers, with the name of the changed schema. Used by one thread.
 * The driver's interface is called by reflection: javac warns of its annotations, whose types the
 * driver leaves out.
 */
final class PostgresChanges implements ChangeSource {
  /** The name of the channel, which the triggers know. */
  private static final String CHANNEL = "sheave";

  /** Many changes are told at once. */
  private static final Duration GATHER = Duration.ofMillis(25);

  private final Connection connection;
  private final Object driver;
  private final Method notifications;
  private final Method parameter;
  private final String schema;

  PostgresChanges(Connection connection) throws SQLException {
    this.connection = connection;
    try {
      Class<?> type = Class.forName("org.postgresql.PGConnection");
      this.notifications = type.getMethod("getNotifications", int.class);
      this.parameter = Class.forName("org.postgresql.PGNotification").getMethod("getParameter");
      this.driver = connection.unwrap(type);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("the driver of PostgreSQL is another one", e);
    }
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
    try {
      Object changes = notifications.invoke(driver, Math.toIntExact(atMost.toMillis()));
      if (changes instanceof Object[] all) {
        for (Object each : all) {
          if (schema.equals(parameter.invoke(each))) {
            TimeUnit.NANOSECONDS.sleep(GATHER.toNanos());
            return true;
          }
        }
      }
      return false;
    } catch (ReflectiveOperationException e) {
      if (e.getCause() instanceof SQLException failure) {
        throw failure;
      }
      throw new SQLException(e);
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
