package dev.sheave.storage.vfs;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import java.util.ArrayDeque;
import java.util.Deque;
import org.apache.commons.vfs2.FileSystemException;
import org.jspecify.annotations.Nullable;

/**
 * Connections to one place: one for each thread that is at work, up to {@value #MOST}.
 *
 * @param <C> what a thread uses a connection by
 */
abstract class ConnectionPool<C> implements AutoCloseable {
  /**
   * SFTP servers refuse some of more than ten connections that log in at once; here, each waits for
   * the one before.
   */
  static final int MOST = 8;

  private final Deque<C> idle = new ArrayDeque<>();
  private @Nullable FileSystems fileSystems;
  private int open;

  /** Makes what connections are opened with. */
  abstract FileSystems source() throws FileSystemException;

  /** Opens a connection. */
  abstract C connect(FileSystems source) throws FileSystemException;

  /** Waits for a connection; the caller gives it back. */
  final C take() throws FileSystemException {
    FileSystems source;
    synchronized (this) {
      try {
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
        while (idle.isEmpty() && open == MOST) {
          wait();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new SheaveException(Code.INTERRUPTED, "The transfer was interrupted.", e);
      }
      C connection = idle.poll();
      if (connection != null) {
        return connection;
      }
      source = fileSystems == null ? source() : fileSystems;
      fileSystems = source;
      open++;
    }
    boolean opened = false;
    try {
      C connection = connect(source);
      opened = true;
      return connection;
    } finally {
      if (!opened) {
        closed();
      }
    }
  }

  private synchronized void closed() {
    open--;
    notify();
  }

  /** Takes a connection back. */
  final synchronized void giveBack(C connection) {
    idle.push(connection);
    notify();
  }

  /** How many connections there are, used or not. */
  final synchronized int open() {
    return open;
  }

  @Override
  public final synchronized void close() {
    if (fileSystems != null) {
      fileSystems.close();
    }
  }
}
