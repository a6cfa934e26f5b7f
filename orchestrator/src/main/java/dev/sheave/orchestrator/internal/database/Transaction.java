package dev.sheave.orchestrator.internal.database;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.orchestrator.internal.database.Database.Work;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.function.Predicate;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;

/**
 * A transaction that is repeated while others overtake it.
 *
 * @param begin the statement that starts it; or, if the driver does, the one that it starts with,
 *     empty for none
 * @param isOfDriver whether the driver starts and ends it: one that sends the start with the first
 *     statement saves a call
 * @param isOvertaken whether an error of the database says that another transaction has changed
 *     what this one has read
 * @param turns lets those of this database that are overtaken often go one after the other
 */
record Transaction(
    String begin, boolean isOfDriver, Predicate<SQLException> isOvertaken, Lock turns) {
  /** How often a transaction is started at most. */
  static final int MAX_ATTEMPTS = 20;

  /** After so many attempts, they take turns. */
  private static final int FREE_ATTEMPTS = 3;

  /** The longest pause after the first attempt; it grows with so many attempts. */
  private static final Duration MAX_PAUSE = Duration.ofMillis(50);

  private static final int LONGER_PAUSES = 10;

  /** One attempt at some work. */
  interface Attempt<T> {
    T run() throws SQLException;
  }

  /** Does the work, and returns its result. */
  <T> T run(Jdbi jdbi, Work<T> work) throws SQLException {
    return repeated(() -> runOnce(jdbi, work));
  }

  /** Returns the result of an attempt that wasn't overtaken. */
  <T> T repeated(Attempt<T> once) throws SQLException {
    for (int attempt = 1; ; attempt++) {
      boolean isInTurn = attempt > FREE_ATTEMPTS;
      if (isInTurn) {
        awaitTurn();
      }
      try {
        return once.run();
      } catch (OvertakenException e) {
        if (attempt == MAX_ATTEMPTS) {
          throw new SheaveException(
              Code.UNAVAILABLE,
              "Other programs keep changing the same records of the database; try again.",
              e);
        }
      } catch (JdbiException | SQLException e) {
        if (attempt == MAX_ATTEMPTS || !isOvertaken(e)) {
          throw e;
        }
      } finally {
        if (isInTurn) {
          turns.unlock();
        }
      }
      pause(attempt);
    }
  }

  private void awaitTurn() {
    try {
      turns.lockInterruptibly();
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private static SheaveException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new SheaveException(
        Code.INTERRUPTED, "Interrupted while waiting to change the database.", e);
  }

  private boolean isOvertaken(Exception error) {
    return (error instanceof SQLException ? error : error.getCause()) instanceof SQLException cause
        && isOvertaken.test(cause);
  }

  /** Does work of a single statement, which needs no transaction. */
  <T> T runSingle(Jdbi jdbi, Work<T> work) throws SQLException {
    return repeated(
        () -> {
          try (Handle handle = jdbi.open()) {
            return work.run(handle);
          }
        });
  }

  /** Does the work in a transaction that isn't repeated. */
  <T> T runOnce(Jdbi jdbi, Work<T> work) throws SQLException {
    try (Handle handle = jdbi.open()) {
      Connection connection = handle.getConnection();
      if (isOfDriver) {
        connection.setAutoCommit(false);
      }
      boolean isDone = false;
      try {
        if (!begin.isEmpty()) {
          execute(connection, begin);
        }
        T result = work.run(handle);
        commit(connection);
        isDone = true;
        return result;
      } finally {
        if (!isDone) {
          rollBack(connection);
        }
      }
    }
  }

  private void commit(Connection connection) throws SQLException {
    if (isOfDriver) {
      connection.commit();
      connection.setAutoCommit(true);
    } else {
      execute(connection, "commit");
    }
  }

  /**
   * Those that overtook each other don't start again at the same time, and take more time the more
   * often that happens.
   */
  private static void pause(int attempt) {
    long longest = MAX_PAUSE.toNanos() * Math.min(attempt, LONGER_PAUSES);
    try {
      TimeUnit.NANOSECONDS.sleep(ThreadLocalRandom.current().nextLong(longest));
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  /**
   * The caller is told what led to the rollback, so an error of the rollback itself isn't reported.
   */
  private void rollBack(Connection connection) {
    try {
      if (isOfDriver) {
        connection.rollback();
        connection.setAutoCommit(true);
      } else {
        execute(connection, "rollback");
      }
    } catch (SQLException e) {
      // some errors, such as a full disk, have ended the transaction already
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
