package dev.sheave.api;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A part of a listing. Pages by offset may miss entries, or show them twice, if entries are added
 * or removed between two calls; pages after an entry don't.
 *
 * @param limit how many entries at most, 1 to {@link #MAX_LIMIT}
 * @param offset how many entries to skip
 * @param after only entries after the one with this id, in the order of the listing; null for all
 */
public record Page(int limit, int offset, @Nullable UUID after) {
  /** The most entries one answer holds. */
  public static final int MAX_LIMIT = 200;

  /** The first {@value #MAX_LIMIT} entries. */
  public static final Page FIRST = new Page(MAX_LIMIT, 0);

  /** Checks the bounds. */
  public Page {
    if (limit < 1 || limit > MAX_LIMIT) {
      throw new IllegalArgumentException("limit must be 1 to " + MAX_LIMIT + ", not " + limit);
    }
    if (offset < 0) {
      throw new IllegalArgumentException("offset must not be negative, as " + offset + " is");
    }
  }

  /** Some entries after others. */
  public Page(int limit, int offset) {
    this(limit, offset, null);
  }

  /** The first entries, at most so many. */
  public static Page first(int limit) {
    return new Page(limit, 0);
  }

  /** The page after this one. */
  public Page next() {
    return new Page(limit, offset + limit, after);
  }

  /** As many entries as here, after the one with an id. */
  public Page after(UUID last) {
    return new Page(limit, 0, last);
  }
}
