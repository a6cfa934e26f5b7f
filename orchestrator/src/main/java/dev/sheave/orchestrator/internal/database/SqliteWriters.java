package dev.sheave.orchestrator.internal.database;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.orchestrator.internal.database.Database.Work;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * The writers of this process. SQLite has one at a time: the others wait in a queue. Since each
 * commit waits for the disk, those that wait when a write is done are done in its transaction, by
 * its thread, and share its commit; none returns before that is synced. One that fails takes back
 * its own changes alone. Safe for use by several threads.
 */
final class SqliteWriters {
  /** How many share a commit at most: the first one waits for all of them. */
  private static final int MOST = 50;

  private final Transaction transaction;
  private final Duration patience;
  private final Supplier<SheaveException> impatience;
  private final ReentrantLock lock = new ReentrantLock();
  private final Queue<Write<?>> waiting = new ArrayDeque<>();
  private boolean isBusy;

  /**
   * Makes the queue.
   *
   * @param transaction how it starts
   * @param patience how long one waits in the queue
   * @param impatience what is thrown after that
   */
  SqliteWriters(Transaction transaction, Duration patience, Supplier<SheaveException> impatience) {
    this.transaction = transaction;
    this.patience = patience;
    this.impatience = impatience;
  }

  private enum Phase {
    /** In the queue. */
    WAITING,
    /** At its turn; its thread does what waits behind it too. */
    FIRST,
    /** In the transaction of another thread. */
    SHARED,
    /** Committed, or failed. */
    DONE
  }

  /** A write; the lock guards its phase. */
  private static final class Write<T> {
    private final Work<T> work;
    private final Condition changed;
    private Phase phase = Phase.WAITING;
    private @Nullable T result;
    private @Nullable Throwable failure;

    Write(Work<T> work, Condition changed) {
      this.work = work;
      this.changed = changed;
    }

    void enter(Phase next) {
      phase = next;
      changed.signal();
    }

    void run(Handle handle) {
      result = work.run(handle);
    }

    @SuppressWarnings("NullAway") // the result is what the work returned
    T result() throws SQLException {
      if (failure instanceof SQLException error) {
        throw error;
      }
      if (failure instanceof Error error) {
        throw error;
      }
      if (failure != null) {
        throw (RuntimeException) failure;
      }
      return result;
    }
  }

  /**
   * Does work in a transaction, and returns its result when it is committed.
   *
   * @throws SheaveException if it isn't its turn in time, or the thread is interrupted before
   */
  <T> T run(Jdbi jdbi, Work<T> work) throws SQLException {
    Write<T> write = new Write<>(work, lock.newCondition());
    if (awaitTurn(write)) {
      try {
        runWithOthers(jdbi, write);
      } finally {
        passTurn();
      }
    }
    return write.result();
  }

  /** Returns whether it is a write's turn; if not, it was done. */
  private boolean awaitTurn(Write<?> write) {
    lock.lock();
    try {
      if (!isBusy) {
        // without a wait, for threads that are interrupted while they tidy up
        isBusy = true;
        return true;
      }
      waiting.add(write);
      long left = patience.toNanos();
      try {
        while (write.phase == Phase.WAITING && left > 0) {
          left = write.changed.awaitNanos(left);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        if (write.phase == Phase.WAITING) {
          waiting.remove(write);
          throw new SheaveException(
              Code.INTERRUPTED, "Interrupted while waiting to write to the database.", e);
        }
      }
      if (write.phase == Phase.WAITING) {
        waiting.remove(write);
        throw impatience.get();
      }
      while (write.phase == Phase.SHARED) {
        write.changed.awaitUninterruptibly();
      }
      return write.phase == Phase.FIRST;
    } finally {
      lock.unlock();
    }
  }

  private void passTurn() {
    lock.lock();
    try {
      Write<?> next = waiting.poll();
      if (next == null) {
        isBusy = false;
      } else {
        next.enter(Phase.FIRST);
      }
    } finally {
      lock.unlock();
    }
  }

  private void runWithOthers(Jdbi jdbi, Write<?> first) {
    List<Write<?>> all = new ArrayList<>(List.of(first));
    Throwable failure = null;
    try {
      transaction.runOnce(
          jdbi,
          handle -> {
            first.run(handle);
            for (Write<?> next = takeNext(all); next != null; next = takeNext(all)) {
              if (!runInside(handle, next)) {
                all.remove(next);
                end(List.of(next));
              }
            }
            return true;
          });
    } catch (SQLException | RuntimeException | Error e) {
      failure = e;
    }
    for (Write<?> each : all) {
      each.failure = failure;
    }
    end(all);
  }

  /** Adds one to those in the transaction; returns null if none waits, or they are enough. */
  private @Nullable Write<?> takeNext(List<Write<?>> all) {
    lock.lock();
    try {
      Write<?> next = all.size() < MOST ? waiting.poll() : null;
      if (next != null) {
        next.enter(Phase.SHARED);
        all.add(next);
      }
      return next;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Returns whether a write succeeded, in a transaction that goes on either way. After some errors,
   * such as a full disk, there is none to go on: then all fail.
   */
  private static boolean runInside(Handle handle, Write<?> write) {
    handle.execute("savepoint inside");
    try {
      write.run(handle);
    } catch (RuntimeException | Error e) {
      try {
        handle.execute("rollback to inside");
        handle.execute("release inside");
      } catch (RuntimeException ended) {
        e.addSuppressed(ended);
        throw e;
      }
      write.failure = e;
      return false;
    }
    handle.execute("release inside");
    return true;
  }

  private void end(List<Write<?>> writes) {
    lock.lock();
    try {
      writes.forEach(each -> each.enter(Phase.DONE));
    } finally {
      lock.unlock();
    }
  }
}
