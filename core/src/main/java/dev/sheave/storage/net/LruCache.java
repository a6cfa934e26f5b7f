package dev.sheave.storage.net;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * A cache of the {@value #KEPT} most recently used values, for objects that are expensive to
 * create, such as a client with its sign-in. Its values need no closing; for those that do, see
 * {@link SharedResources}. Safe for use by several threads.
 *
 * @param <K> the key, a value type
 * @param <V> the cached value
 */
public final class LruCache<K, V> {
  private static final int KEPT = 8;

  private final Map<K, V> values = new LinkedHashMap<>(16, 0.75f, true);
  private final Function<K, V> maker;

  /**
   * Creates an empty cache.
   *
   * @param maker creates a value; it holds a lock meanwhile, so it must not block
   */
  public LruCache(Function<K, V> maker) {
    this.maker = maker;
  }

  /** Returns the value of a key, creating it if there is none. */
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
