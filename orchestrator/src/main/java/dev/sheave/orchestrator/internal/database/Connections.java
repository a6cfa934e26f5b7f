package dev.sheave.orchestrator.internal.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import dev.sheave.api.StoreLoad.ConnectionLoad;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.jdbi.v3.core.ConnectionFactory;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one process. A single thread, as in a command, uses the first one; a pool is
 * created when a second thread needs a connection at the same time.
 */
final class Connections implements ConnectionFactory, AutoCloseable {
  private static final Duration IDLE_TIMEOUT = Duration.ofMinutes(1);
  private static final Duration CONNECTION_TIMEOUT = Duration.ofSeconds(30);

  /** A database on another machine may be away: the callers of a server are to be told soon. */
  private static final Duration REMOTE_CONNECTION_TIMEOUT = Duration.ofSeconds(10);

  private final DataSource source;
  private final @Nullable Connection first;
  private final int poolSize;
  private final AtomicBoolean isFirstTaken = new AtomicBoolean();
  private @Nullable HikariDataSource pool;

  /**
   * Makes the connections.
   *
   * @param first the first one, which stays open; null if all are of the pool, which checks that
   *     they still work
   * @param poolSize how many connections there are at most besides the first
   */
  Connections(DataSource source, @Nullable Connection first, int poolSize) {
    this.source = source;
    this.first = first;
    this.poolSize = poolSize;
  }

  @Override
  public Connection openConnection() throws SQLException {
    return first != null && isFirstTaken.compareAndSet(false, true)
        ? first
        : pool().getConnection();
  }

  @Override
  public void closeConnection(Connection connection) throws SQLException {
    if (connection == first) {
      isFirstTaken.set(false);
    } else {
      connection.close();
    }
  }

  /** How busy they are. */
  synchronized ConnectionLoad load() {
    HikariPoolMXBean pooled = pool == null ? null : pool.getHikariPoolMXBean();
    int first = this.first == null ? 0 : 1;
    int taken = isFirstTaken.get() ? 1 : 0;
    return new ConnectionLoad(
        taken + (pooled == null ? 0 : pooled.getActiveConnections()),
        first - taken + (pooled == null ? 0 : pooled.getIdleConnections()),
        pooled == null ? 0 : pooled.getThreadsAwaitingConnection(),
        first + poolSize);
  }

  private synchronized HikariDataSource pool() {
    if (pool == null) {
      HikariConfig config = new HikariConfig();
      config.setPoolName("sheave");
      config.setDataSource(source);
      config.setMaximumPoolSize(poolSize);
      config.setMinimumIdle(0);
      config.setIdleTimeout(IDLE_TIMEOUT.toMillis());
      config.setMaxLifetime(0);
      config.setConnectionTimeout(
          (first == null ? REMOTE_CONNECTION_TIMEOUT : CONNECTION_TIMEOUT).toMillis());
      config.setInitializationFailTimeout(-1);
      pool = new HikariDataSource(config);
    }
    return pool;
  }

  @Override
  public synchronized void close() {
    if (pool != null) {
      pool.close();
    }
    if (first == null) {
      return;
    }
    try {
      first.close();
    } catch (SQLException e) {
      // nothing is lost: what was committed is in the file
    }
  }
}
