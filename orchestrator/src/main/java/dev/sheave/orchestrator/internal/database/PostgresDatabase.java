package dev.sheave.orchestrator.internal.database;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.orchestrator.internal.secret.KeyRing;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.function.Supplier;
import javax.sql.DataSource;

/**
 * The tables in a PostgreSQL database, in the first schema of its search path. They are created if
 * they don't exist, and migrated if they are old, by one program at a time.
 */
public final class PostgresDatabase {
  /** The version of the tables that this code works with: the number of the newest migration. */
  static final int SCHEMA_VERSION = 18;

  /** Held while tables are made or changed; "Shev". */
  private static final long LOCK = 0x53686576;

  private final DataSource source;
  private final DataSource patient;
  private final String name;
  private final int poolSize;

  /**
   * Names a database.
   *
   * @param source opens connections
   * @param patient opens those whose statements may take long, to migrate the tables
   * @param name names it in messages, without credentials
   * @param poolSize how many connections one program has at most
   */
  public PostgresDatabase(DataSource source, DataSource patient, String name, int poolSize) {
    this.source = source;
    this.patient = patient;
    this.name = name;
    this.poolSize = poolSize;
  }

  /**
   * Opens the database.
   *
   * @param existingKey gets the key, for existing tables
   * @param newKey gets the key for new tables, creating one if it doesn't exist
   */
  public OpenDatabase open(Supplier<KeyRing> existingKey, Supplier<KeyRing> newKey) {
    PostgresDialect dialect = new PostgresDialect(source, name);
    try (Connection connection = patient.getConnection()) {
      if (version(connection) != SCHEMA_VERSION || !hasKey(connection)) {
        migrate(connection, newKey);
      }
      KeyRing keys = existingKey.get();
      keys.key(KeyRegistration.newest(connection), name);
      return new OpenDatabase(new Database(dialect, null, poolSize), keys);
    } catch (SQLException e) {
      throw dialect.translate(e);
    }
  }

  /** Returns the version of the tables, 0 if there are none. */
  private int version(Connection connection) throws SQLException {
    int version = 0;
    if (number(
            connection,
            "select count(*) from pg_tables where tablename = 'store'"
                + " and schemaname = current_schema()")
        > 0) {
      version = number(connection, "select schema_version from store");
    }
    if (version > SCHEMA_VERSION) {
      throw new SheaveException(
          Code.CONFLICT,
          "The database "
              + name
              + " was written by a newer Sheave (schema "
              + version
              + "; this one knows "
              + SCHEMA_VERSION
              + "). Update Sheave, or name another database.");
    }
    return version;
  }

  /** The lock ends with the connection, however this program ends. */
  private void migrate(Connection connection, Supplier<KeyRing> newKey) throws SQLException {
    execute(connection, "select pg_advisory_lock(" + LOCK + ")");
    try {
      if (version(connection) != SCHEMA_VERSION) {
        PostgresMigrations.run(patient);
      }
      if (!hasKey(connection)) {
        KeyRegistration.register(connection, newKey.get().newest());
      }
    } finally {
      execute(connection, "select pg_advisory_unlock(" + LOCK + ")");
    }
  }

  private static boolean hasKey(Connection connection) throws SQLException {
    return number(connection, "select count(*) from encryption_key") > 0;
  }

  private static int number(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      row.next();
      return row.getInt(1);
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
