package dev.sheave.storage.vfs;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Connections to one server with one login, shared by all blocks of the same settings: one for each
 * thread that is at work, up to {@value #MOST}. They are kept a while after the last use.
 */
final class SftpPool implements AutoCloseable {
  /**
   * Servers refuse some of more than ten connections that log in at once; here, each waits for the
   * one before.
   */
  static final int MOST = 8;

  private static final long KEPT_UNUSED_SECONDS = 20;

  private static final Executor LATER =
      CompletableFuture.delayedExecutor(KEPT_UNUSED_SECONDS, TimeUnit.SECONDS);

  private static final Map<Key, SftpPool> POOLS = new HashMap<>();

  private final Key key;
  private final Deque<SftpConnection> idle = new ArrayDeque<>();
  private @Nullable FileSystems fileSystems;
  private int users;
  private int open;
  private long generation;

  private record Key(String address, RemoteSettings settings) {}

  private SftpPool(Key key) {
    this.key = key;
  }

  /** Each has to be closed. */
  static SftpPool borrow(RemoteLocation place, RemoteSettings settings) {
    Key key = new Key(SftpProvider.address(place, settings), settings);
    synchronized (POOLS) {
      SftpPool pool = POOLS.computeIfAbsent(key, SftpPool::new);
      pool.addUser();
      return pool;
    }
  }

  private synchronized void addUser() {
    users++;
    generation++;
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

  @Override
  public synchronized void close() {
    users--;
    if (users == 0) {
      long now = ++generation;
      LATER.execute(() -> closeIfUnusedSince(now));
    }
  }

  private void closeIfUnusedSince(long then) {
    FileSystems unused;
    synchronized (POOLS) {
      synchronized (this) {
        if (generation != then) {
          return;
        }
        unused = fileSystems;
        fileSystems = null;
        idle.clear();
        open = 0;
      }
      POOLS.remove(key);
    }
    if (unused != null) {
      unused.close();
    }
  }
}
