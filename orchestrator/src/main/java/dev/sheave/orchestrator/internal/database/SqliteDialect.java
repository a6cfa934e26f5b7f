package dev.sheave.orchestrator.internal.database;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.orchestrator.internal.database.Changes.ChangeSource;
import dev.sheave.orchestrator.internal.database.Database.Work;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.sqlite.SQLiteDataSource;

/**
 * SQLite: one file, any number of reading processes, one writer at a time.
 *
 * <p>Writers take the write lock when they start, so that none learns at its end that the data it
 * read has changed. Each commit is synced to the disk ({@code synchronous=FULL}): a run whose claim
 * was acknowledged must not be up for claims again after a power failure, while its infrastructure,
 * on another machine, still runs.
 */
final class SqliteDialect implements Dialect {
  private final Path path;
  private final Duration lockTimeout;
  private final SQLiteDataSource dataSource;
  private final Lock turns = new ReentrantLock(true);
  private final Transaction reading = new Transaction("begin", false, error -> false, turns);
  private final Transaction writing =
      new Transaction("begin immediate", false, error -> false, turns);

  /**
   * Processes poll for SQLite's write lock; the threads of this process wait in a queue, and wake
   * at once.
   */
  private final SqliteWriters writers;

  private volatile boolean hasWritten;

  /** Tells the file from others in its place; null while it isn't noted, and where it has none. */
  private volatile @Nullable Object fileKey;

  SqliteDialect(Path path, Duration lockTimeout) {
    this.path = path;
    this.lockTimeout = lockTimeout;
    this.writers = new SqliteWriters(writing, lockTimeout, () -> locked(null));
    SQLiteConfig config = new SQLiteConfig();
    config.setBusyTimeout(Math.toIntExact(lockTimeout.toMillis()));
    config.enforceForeignKeys(true);
    config.setSynchronous(SynchronousMode.FULL);
    this.dataSource = new SQLiteDataSource(config);
    dataSource.setUrl("jdbc:sqlite:" + path);
  }

  /** That of another file. */
  SqliteDialect of(Path other) {
    return new SqliteDialect(other, lockTimeout);
  }

  /** Notes which file it is: from now on nothing is written once another one is in its place. */
  void noteFile() throws IOException {
    fileKey = keyOfFile();
  }

  private @Nullable Object keyOfFile() throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
  }

  /**
   * Checks that the file is still in its place; SQLite does this itself for databases without a
   * write-ahead log.
   */
  @Override
  public void check() {
    Object expected = fileKey;
    if (expected == null) {
      return;
    }
    try {
      if (expected.equals(keyOfFile())) {
        return;
      }
    } catch (NoSuchFileException e) {
      // nothing is in its place
    } catch (IOException e) {
      return; // it isn't known
    }
    throw new SheaveException(
        Code.UNAVAILABLE,
        "The database "
            + path
            + " was removed or replaced while this program has it open, and what is written now would"
            + " be lost; put the file back, or restart the program.");
  }

  @Override
  public DataSource dataSource() {
    return dataSource;
  }

  @Override
  public void configure(Jdbi jdbi) {
    jdbi.define(FOR_UPDATE_OF_RUN, ""); // there is one writer
    jdbi.define(SKIP_TAKEN, "");
    jdbi.define(StoreClock.TIME, "null");
    jdbi.setStatementBuilderFactory(new SqliteStatements());
    ColumnTypes.register(jdbi);
  }

  @Override
  public <T> T inTransaction(Jdbi jdbi, Access access, Work<T> work) throws SQLException {
    if (access == Access.READ) {
      return reading.run(jdbi, work);
    }
    if (access == Access.READ_ONCE) {
      return reading.runSingle(jdbi, work);
    }
    check();
    return writing.repeated(
        () ->
            writers.run(
                jdbi,
                handle -> {
                  hasWritten = true; // or it could not have begun
                  return work.run(handle);
                }));
  }

  @Override
  public boolean sharesTransactions() {
    return true;
  }

  @Override
  public ChangeSource changes() throws SQLException {
    return new SqliteChanges(dataSource.getConnection());
  }

  @Override
  public void backUp(Path file) {
    SqliteBackup.write(this, file);
  }

  @Override
  public SheaveException translate(SQLException error) {
    return SqliteErrors.translate(error, path, lockTimeout, hasWritten);
  }

  private SheaveException locked(@Nullable SQLException cause) {
    return SqliteErrors.locked(path, lockTimeout, cause);
  }
}
