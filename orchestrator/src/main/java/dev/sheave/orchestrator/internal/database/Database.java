package dev.sheave.orchestrator.internal.database;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.StoreLoad.ConnectionLoad;
import dev.sheave.orchestrator.internal.database.Dialect.Access;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;

/**
 * Runs transactions. All errors of the database are thrown as a {@link SheaveException}. Safe for
 * use by several threads; a transaction must not start another one.
 */
public final class Database implements AutoCloseable {
  private final Dialect dialect;
  private final Connections connections;
  private final Jdbi jdbi;
  private final Changes changes;
  private volatile boolean isClosed;

  Database(Dialect dialect, @Nullable Connection first, int poolSize) {
    this.dialect = dialect;
    this.changes = new Changes(dialect);
    this.connections = new Connections(dialect.dataSource(), first, poolSize);
    this.jdbi = Jdbi.create(connections);
    dialect.configure(jdbi);
  }

  /** The work of a transaction. It may be done several times. */
  @FunctionalInterface
  public interface Work<T> {
    /** Does it. */
    T run(Handle handle);
  }

  /** The work of a transaction without a result. */
  @FunctionalInterface
  public interface Task {
    /** Does it. */
    void run(Handle handle);
  }

  /** The work of requests that decide by records that they have locked. */
  public interface GroupWork<T, R> {
    /** Returns how much of a group a request is; a group of several is 1 at most. */
    double share(T request);

    /**
     * Does requests of several threads in one transaction, without a wait for a record's lock.
     *
     * @return the result of each, in their order, or nothing for one that is to be done alone
     */
    List<Optional<R>> doTogether(Handle handle, List<T> requests);

    /** Does a request. */
    R doAlone(Handle handle, T request);
  }

  /** Requests of several threads. */
  @FunctionalInterface
  public interface Requests<T, R> {
    /** Does one, and returns its result when it is committed. */
    R submit(T request);
  }

  /** What tells when the database was changed. */
  public Changes changes() {
    return changes;
  }

  /** How busy the connections are. */
  public ConnectionLoad connections() {
    return connections.load();
  }

  /**
   * Copies the database into a new file, see {@link
   * dev.sheave.api.StoreAdministration#backUp(Path)}.
   */
  public void backUp(Path file) {
    dialect.backUp(file);
  }

  /** Checks that the database can be read, and keeps what is written. */
  public void check() {
    dialect.check();
    readOnce(handle -> handle.createQuery("select 1").map((row, context) -> row.getInt(1)).one());
  }

  /** Reads, all of one state of the database. */
  public <T> T read(Work<T> work) {
    return inTransaction(Access.READ, work);
  }

  /** Reads by one statement, without a transaction. */
  public <T> T readOnce(Work<T> work) {
    return inTransaction(Access.READ_ONCE, work);
  }

  /** Reads and changes, all or nothing, as if alone. */
  public <T> T write(Work<T> work) {
    return inTransaction(Access.WRITE, work);
  }

  /**
   * Reads and changes, all or nothing. The work decides by records alone that it has locked; who
   * changes other records is not in its way.
   */
  public <T> T writeLocked(Work<T> work) {
    return inTransaction(Access.LOCKED, work);
  }

  /** As {@link #writeLocked}, together with others where that saves transactions. */
  public <T, R> Requests<T, R> grouped(GroupWork<T, R> work) {
    return grouped(work, Access.LOCKED, Access.LOCKED_ONCE);
  }

  /** As {@link #claim}, together with others where that saves transactions. */
  public <T, R> Requests<T, R> groupedClaims(GroupWork<T, R> work) {
    return grouped(work, Access.CLAIM, Access.CLAIM_ONCE);
  }

  private <T, R> Requests<T, R> grouped(GroupWork<T, R> work, Access alone, Access together) {
    Requests<T, R> each = request -> inTransaction(alone, handle -> work.doAlone(handle, request));
    return dialect.sharesTransactions()
        ? each
        : new Grouped<T, R>(
                work::share,
                requests -> tryOnce(together, handle -> work.doTogether(handle, requests)),
                each::submit)
            ::submit;
  }

  /**
   * Does work if it succeeds at once.
   *
   * @return nothing if it doesn't, for whatever reason, and has changed nothing
   */
  private <T> Optional<T> tryOnce(Access access, Work<T> work) {
    AtomicBoolean hasBegun = new AtomicBoolean();
    AtomicBoolean isDone = new AtomicBoolean();
    try {
      return Optional.of(
          inTransaction(
              access,
              handle -> {
                hasBegun.set(true);
                T result = work.run(handle);
                isDone.set(true);
                return result;
              }));
    } catch (RuntimeException | Error e) {
      // what was to be committed may have been
      boolean isInterrupted = !hasBegun.get() && Thread.currentThread().isInterrupted();
      boolean hasFailed = hasBegun.get() && !isDone.get();
      if (hasFailed || isInterrupted) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /**
   * As {@link #writeLocked}, alone among those who claim: their number doesn't change meanwhile.
   */
  public <T> T claim(Work<T> work) {
    return inTransaction(Access.CLAIM, work);
  }

  /** As {@link #write}, for work without a result. */
  public void change(Task task) {
    inTransaction(
        Access.WRITE,
        handle -> {
          task.run(handle);
          return true;
        });
  }

  private <T> T inTransaction(Access access, Work<T> work) {
    if (isClosed) {
      throw new SheaveException(
          Code.UNAVAILABLE, "The connection to the database was closed; open a new one.");
    }
    try {
      return dialect.inTransaction(jdbi, access, work);
    } catch (JdbiException e) {
      throw e.getCause() instanceof SQLException error ? dialect.translate(error) : e;
    } catch (SQLException e) {
      throw dialect.translate(e);
    }
  }

  /** Closes the connections; transactions that are in progress fail. */
  @Override
  public void close() {
    isClosed = true;
    changes.close();
    connections.close();
  }
}
