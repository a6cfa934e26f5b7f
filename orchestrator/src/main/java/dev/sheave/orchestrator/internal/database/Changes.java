package dev.sheave.orchestrator.internal.database;

import dev.sheave.SheaveException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells those who wait for it that a database was changed, by whichever program. It looks only
 * while somebody waits, in one thread. Safe for use by several threads.
 */
public final class Changes implements AutoCloseable {
  /** How long one look at the source takes at most. */
  private static final Duration LOOK = Duration.ofSeconds(1);

  /** How long a source stays open that nobody waits for. */
  private static final Duration IDLE = Duration.ofSeconds(30);

  /** How long to wait for a database that doesn't respond. */
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private static final Logger LOG = LoggerFactory.getLogger(Changes.class);

  private final Dialect dialect;
  private long version;
  private int waiting;
  private @Nullable ChangeSource source;
  private boolean isClosed;

  Changes(Dialect dialect) {
    this.dialect = dialect;
  }

  /** Tells when a database was changed. */
  interface ChangeSource extends AutoCloseable {
    /** Returns whether it was since the last call; waits for it. */
    boolean await(Duration atMost) throws SQLException, InterruptedException;

    @Override
    void close();
  }

  /**
   * Returns a number that is another one after a change. What was changed before the call is seen
   * by a transaction that begins after it.
   *
   * @throws SheaveException {@code UNAVAILABLE} if the database doesn't respond
   */
  public synchronized long version() {
    if (source == null && !isClosed) {
      try {
        ChangeSource opened = dialect.changes();
        source = opened;
        Thread thread = new Thread(() -> look(opened), "sheave-changes");
        thread.setDaemon(true);
        thread.start();
      } catch (SQLException e) {
        throw dialect.translate(e);
      }
    }
    return version;
  }

  /** Returns when the number is another one, or the time is over. */
  public synchronized void await(long seen, Duration atMost) {
    long deadline = System.nanoTime() + atMost.toNanos();
    waiting++;
    try {
      while (version == seen && !isClosed) {
        long left = deadline - System.nanoTime();
        if (left <= 0) {
          return;
        }
        wait(left / 1_000_000, (int) (left % 1_000_000));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SheaveException(
          SheaveException.Code.INTERRUPTED, "Waiting for news was interrupted.", e);
    } finally {
      waiting--;
    }
  }

  /** Wakes all that wait. */
  public synchronized void announce() {
    version++;
    notifyAll();
  }

  private void look(ChangeSource opened) {
    long idleSince = System.nanoTime();
    try {
      while (isWanted(idleSince)) {
        if (opened.await(LOOK)) {
          announce();
        }
        if (isAwaited()) {
          idleSince = System.nanoTime();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (SQLException | RuntimeException e) {
      LOG.debug("Changes of the database aren't seen for now", e);
      pause();
    } finally {
      opened.close();
      synchronized (this) {
        source = null;
      }
      announce(); // those that wait look again, and meet the error themselves
    }
  }

  private static void pause() {
    try {
      TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized boolean isAwaited() {
    return waiting > 0;
  }

  private synchronized boolean isWanted(long idleSince) {
    return !isClosed && (waiting > 0 || System.nanoTime() - idleSince < IDLE.toNanos());
  }

  @Override
  public synchronized void close() {
    isClosed = true;
    announce();
  }
}
