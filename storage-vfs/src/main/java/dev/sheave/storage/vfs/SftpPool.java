package dev.sheave.storage.vfs;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.storage.net.SharedResources;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Connections to one server with one login, shared by all blocks of the same settings: one for each
 * thread that is at work, up to {@value #MOST}.
 */
final class SftpPool {
  /**
   * Servers refuse some of more than ten connections that log in at once; here, each waits for the
   * one before.
   */
  static final int MOST = 8;

  private static final SharedResources<Key, SftpPool> POOLS =
      new SharedResources<>(SftpPool::close);

  private final Key key;
  private final Deque<SftpConnection> idle = new ArrayDeque<>();
  private @Nullable FileSystems fileSystems;
  private int open;

  private record Key(String address, RemoteSettings settings) {}

  private SftpPool(Key key) {
    this.key = key;
  }

  static SharedResources.Loan<SftpPool> borrow(RemoteLocation place, RemoteSettings settings) {
    Key key = new Key(SftpProvider.address(place, settings), settings);
    return POOLS.borrow(key, () -> new SftpPool(key));
  }

  /** Waits for a connection; the caller gives it back. */
  SftpConnection take() throws IOException {
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
      SftpConnection connection = idle.poll();
      if (connection != null) {
        return connection;
      }
      source = fileSystems == null ? new FileSystems() : fileSystems;
      fileSystems = source;
      open++;
    }
    boolean opened = false;
    try {
      SftpConnection connection =
          source.open(key.address(), SftpProvider.options(key.settings()), SftpConnection.class);
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
  synchronized void giveBack(SftpConnection connection) {
    idle.push(connection);
    notify();
  }

  /** How many connections there are, used or not. */
  synchronized int open() {
    return open;
  }

  private synchronized void close() {
    if (fileSystems != null) {
      fileSystems.close();
    }
  }
}
