package dev.sheave.orchestrator.internal.database;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.internal.Interruption;
import dev.sheave.internal.IoReason;
import dev.sheave.internal.PrivateFiles;
import dev.sheave.orchestrator.internal.file.AtomicFile;
import dev.sheave.orchestrator.internal.file.ProcessLock;
import dev.sheave.orchestrator.internal.secret.KeyRing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.function.Supplier;
import org.sqlite.SQLiteDataSource;

/**
 * The file of a SQLite database. It is created if it doesn't exist, migrated if it is old, and
 * refused if it isn't a Sheave database.
 *
 * <p>A new database is made beside its place and then moved there, so that no process ever sees
 * half of one, even after a crash.
 */
public final class SqliteFile {
  /** The version of the tables that this code works with: the number of the newest migration. */
  static final int SCHEMA_VERSION = 18;

  private static final int POOL_SIZE = 4;

  private static final int APPLICATION_ID = 0x53686576; // "Shev"

  private final Path path;
  private final Duration lockTimeout;

  /**
   * Names a file.
   *
   * @param path where it is, absolute
   * @param lockTimeout how long a transaction waits for one of another process
   */
  public SqliteFile(Path path, Duration lockTimeout) {
    this.path = path;
    this.lockTimeout = lockTimeout;
  }

  /** What a database says about itself. */
  private record Version(int application, int schema) {}

  /**
   * Opens the database.
   *
   * @param existingKey gets the key, for an existing database
   * @param newKey gets the key for a new database, creating one if it doesn't exist
   */
  public OpenDatabase open(Supplier<KeyRing> existingKey, Supplier<KeyRing> newKey) {
    SqliteDialect dialect = new SqliteDialect(path, lockTimeout);
    try {
      if (isMissing()) {
        PrivateFiles.createFolderIfMissing(folder());
        ProcessLock.hold(path, () -> createIfMissing(newKey));
      }
      Connection connection = dialect.dataSource().getConnection();
      boolean isOpen = false;
      try {
        Version version = checkVersion(connection);
        KeyRing keys = existingKey.get();
        keys.key(KeyRegistration.newest(connection), path.toString());
        if (version.schema() < SCHEMA_VERSION) {
          migrate(keys);
        }
        dialect.noteFile();
        isOpen = true;
        return new OpenDatabase(new Database(dialect, connection, POOL_SIZE), keys);
      } finally {
        if (!isOpen) {
          connection.close();
        }
      }
    } catch (SQLException e) {
      throw dialect.translate(e);
    } catch (IOException e) {
      Interruption.check(e, "opening the database " + path);
      throw new SheaveException(
          IoReason.isTemporary(e) ? Code.UNAVAILABLE : Code.PERMISSION_DENIED,
          Files.isDirectory(folder())
              ? "The database "
                  + path
                  + " can't be created in "
                  + folder()
                  + ": "
                  + IoReason.of(e, folder())
                  + "; make the folder writable, or name another one."
              : "The folder "
                  + folder()
                  + " of the database "
                  + (Files.exists(folder())
                      ? "is a file"
                      : "can't be created"
                          + (e instanceof NoSuchFileException
                              ? ""
                              : ": " + IoReason.of(e, folder())))
                  + "; name another one.",
          e);
    }
  }

  private Path folder() {
    Path folder = path.getParent();
    return folder == null ? path : folder;
  }

  /** An empty file counts as missing: there is nothing in it to lose. */
  private boolean isMissing() throws IOException {
    if (Files.isDirectory(path)) {
      throw new SheaveException(
          Code.INVALID, "The database " + path + " is a folder; name a file in it.");
    }
    return Files.notExists(path) || Files.size(path) == 0;
  }

  private void createIfMissing(Supplier<KeyRing> newKey) throws IOException {
    if (!isMissing()) {
      return;
    }
    KeyRing keys = newKey.get();
    Path unfinished = AtomicFile.unfinished(path);
    for (String suffix : new String[] {"", "-journal", "-wal", "-shm"}) {
      Files.deleteIfExists(unfinished.resolveSibling(unfinished.getFileName() + suffix));
    }
    PrivateFiles.createFileIfMissing(unfinished);
    SqliteDialect dialect = new SqliteDialect(unfinished, lockTimeout);
    SqliteMigrations.run(dialect.dataSource(), keys);
    try (Connection connection = dialect.dataSource().getConnection()) {
      KeyRegistration.register(connection, keys.newest());
      // in its header, and so for every connection to come: readers and the writer don't wait for
      // each other
      try (Statement statement = connection.createStatement()) {
        statement.execute("pragma journal_mode = wal");
      }
    } catch (SQLException e) {
      throw dialect.translate(e);
    }
    AtomicFile.finish(path);
  }

  private Version checkVersion(Connection connection) throws SQLException {
    Version version = version(connection);
    if (version.application() != APPLICATION_ID) {
      throw SqliteErrors.notADatabase(path, null);
    }
    if (version.schema() > SCHEMA_VERSION) {
      throw new SheaveException(
          Code.CONFLICT,
          "The database "
              + path
              + " was written by a newer Sheave (schema "
              + version.schema()
              + "; this one knows "
              + SCHEMA_VERSION
              + "). Update Sheave, or name another database.");
    }
    return version;
  }

  private void migrate(KeyRing keys) throws IOException {
    ProcessLock.hold(
        path,
        () -> {
          // Flyway sees for itself whether another process was faster
          SQLiteDataSource source = new SQLiteDataSource();
          source.setUrl("jdbc:sqlite:" + path);
          SqliteMigrations.run(source, keys);
        });
  }

  private static Version version(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "select a.application_id, v.user_version"
                    + " from pragma_application_id a, pragma_user_version v")) {
      row.next();
      return new Version(row.getInt(1), row.getInt(2));
    }
  }
}
