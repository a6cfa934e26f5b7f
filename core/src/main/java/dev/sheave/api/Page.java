package dev.sheave.api;

/**
 * A part of a listing.
 *
 * @param limit how many entries at most, 1 to {@link #MAX_LIMIT}
 * @param offset how many entries to skip
 */
public record Page(int limit, int offset) {
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

  /** The first entries, at most so many. */
  public static Page first(int limit) {
    return new Page(limit, 0);
  }

  /** The page after this one. */
  public Page next() {
    return new Page(limit, offset + limit);
  }
}
