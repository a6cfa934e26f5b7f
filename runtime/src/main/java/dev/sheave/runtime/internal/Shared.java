package dev.sheave.runtime.internal;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What several runs of this program use at once, or one after the other, such as connections: each
 * is opened once, and stays open for a while after its last use. Safe for use by several threads.
 *
 * @param <K> says which it is
 * @param <V> what is used
 */
public final class Shared<K, V> {
  private final Consumer<V> close;
  private final Map<K, Entry> open = new HashMap<>();

  /**
   * Has nothing open.
   *
   * @param close closes what nobody uses any more
   */
  public Shared(Consumer<V> close) {
    this.close = close;
  }

  /**
   * Uses something, after it has opened it if it isn't open.
   *
   * @param idle how long it stays open after its last use
   * @param opener opens it; what it throws is thrown
   * @return to be closed after use
   */
  public Use<V> use(K key, Duration idle, Supplier<V> opener) {
    Entry entry;
    synchronized (open) {
      entry = open.computeIfAbsent(key, Entry::new);
      entry.users++;
    }
    try {
      return new Use<>(entry.value(opener), () -> leave(entry, idle));
    } catch (RuntimeException | Error e) {
      leave(entry, Duration.ZERO);
      throw e;
    }
  }

  /** One use. Not safe for use by several threads. */
  public static final class Use<V> implements AutoCloseable {
    private final V value;
    private @Nullable Runnable end;

    private Use(V value, Runnable end) {
      this.value = value;
      this.end = end;
    }

    /** What is used. */
    public V value() {
      return value;
    }

    /** Ends the use; does nothing if it has ended. */
    @Override
    public void close() {
      Runnable ending = end;
      end = null;
      if (ending != null) {
        ending.run();
      }
    }
  }

  private final class Entry {
    private final K key;
    private @Nullable V value;
    private int users;
    private boolean isDue;
    private long lastUse;

    Entry(K key) {
      this.key = key;
    }

    /** Others who want the same wait. */
    synchronized V value(Supplier<V> opener) {
      V known = value;
      if (known == null) {
        known = opener.get();
        value = known;
      }
      return known;
    }

    synchronized void close() {
      V known = value;
      value = null;
      if (known != null) {
        close.accept(known);
      }
    }
  }

  private void leave(Entry entry, Duration idle) {
    synchronized (open) {
      entry.users--;
      entry.lastUse = System.nanoTime();
      if (entry.users > 0 || entry.isDue) {
        return;
      }
      entry.isDue = !idle.isZero();
    }
    if (idle.isZero()) {
      closeIfIdle(entry, idle);
    } else {
      closeLater(entry, idle, idle);
    }
  }

  private void closeLater(Entry entry, Duration idle, Duration delay) {
    var unused =
        RunThreads.later(
            delay, () -> RunThreads.start("sheave-run-shared", () -> closeIfIdle(entry, idle)));
  }

  private void closeIfIdle(Entry entry, Duration idle) {
    synchronized (open) {
      long left = idle.toNanos() - (System.nanoTime() - entry.lastUse);
      if (entry.users == 0 && left > 0) {
        closeLater(entry, idle, Duration.ofNanos(left));
        return;
      }
      entry.isDue = false;
      if (entry.users > 0) {
        return;
      }
      open.remove(entry.key, entry);
    }
    entry.close();
  }
}
