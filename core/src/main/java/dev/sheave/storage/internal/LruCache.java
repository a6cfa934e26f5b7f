package dev.sheave.storage.internal;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * What is costly to make, such as a client with its sign-in, kept for those who ask again by the
 * same key: the {@value #KEPT} that were asked for last. It is for what holds nothing that would
 * have to be closed; for the rest there is {@link SharedResources}. Safe for use by several
 * threads.
 *
 * @param <K> what makes one differ from another, a value
 * @param <V> what is kept
 */
public final class LruCache<K, V> {
  private static final int KEPT = 8;

  private final Map<K, V> values = new LinkedHashMap<>(16, 0.75f, true);
  private final Function<K, V> maker;

  /**
   * Keeps nothing yet.
   *
   * @param maker makes one; nobody else gets one meanwhile, so it waits for nothing
   */
  public LruCache(Function<K, V> maker) {
    this.maker = maker;
  }

  /** Returns the one of a key, which is made if there is none. */
  public V get(K key) {
    synchronized (values) {
      V value = values.computeIfAbsent(key, maker);
      if (values.size() > KEPT) {
        values.remove(values.keySet().iterator().next());
      }
      return value;
    }
  }
}
