package dev.sheave.storage.net;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Shares resources that are expensive to create, such as a login with its connections, by key. A
 * resource is closed when it hasn't been used for {@value #KEPT_UNUSED_SECONDS} seconds. Safe for
 * use by several threads.
 *
 * @param <K> the key, a value type
 * @param <V> the resource
 */
public final class SharedResources<K, V> {
  private static final int KEPT_UNUSED_SECONDS = 20;

  private final Map<K, Entry<V>> entries = new HashMap<>();
  private final Consumer<V> closer;
  private final Executor later;

  /**
   * Creates an empty pool.
   *
   * @param closer closes a resource that is no longer used, on a thread of its own
   */
  public SharedResources(Consumer<V> closer) {
    this(closer, CompletableFuture.delayedExecutor(KEPT_UNUSED_SECONDS, TimeUnit.SECONDS));
  }

  SharedResources(Consumer<V> closer, Executor later) {
    this.closer = closer;
    this.later = later;
  }

  private static final class Entry<V> {
    final V value;
    int users;
    // tells one time without users from those before it
    long uses;

    Entry(V value) {
      this.value = value;
    }
  }

  /**
   * Borrows the resource of a key; the returned lease must be closed.
   *
   * @param maker creates the resource if there is none yet; it holds a lock meanwhile, so it must
   *     not block
   */
  public Loan<V> borrow(K key, Supplier<V> maker) {
    synchronized (entries) {
      Entry<V> entry = entries.computeIfAbsent(key, missing -> new Entry<>(maker.get()));
      entry.users++;
      entry.uses++;
      return new Loan<>(entry.value, () -> giveBack(key, entry));
    }
  }

  private void giveBack(K key, Entry<V> entry) {
    synchronized (entries) {
      entry.users--;
      if (entry.users == 0) {
        long last = entry.uses;
        later.execute(() -> closeIfUnusedSince(last, key, entry));
      }
    }
  }

  private void closeIfUnusedSince(long last, K key, Entry<V> entry) {
    synchronized (entries) {
      if (entry.uses != last) {
        return;
      }
      entries.remove(key);
    }
    closer.accept(entry.value);
  }

  /**
   * A borrowed resource.
   *
   * @param <V> the resource
   */
  public static final class Loan<V> implements AutoCloseable {
    private final V value;
    private final Runnable giveBack;
    private final AtomicBoolean closed = new AtomicBoolean();

    private Loan(V value, Runnable giveBack) {
      this.value = value;
      this.giveBack = giveBack;
    }

    /** Returns it, to be used until this is closed. */
    public V value() {
      return value;
    }

    /** Gives it back; a second time does nothing. */
    @Override
    public void close() {
      if (closed.compareAndSet(false, true)) {
        giveBack.run();
      }
    }
  }
}
