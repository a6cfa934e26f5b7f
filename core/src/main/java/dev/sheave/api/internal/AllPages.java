package dev.sheave.api.internal;

import dev.sheave.SheaveException;
import dev.sheave.api.Page;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Listings as a whole. */
public final class AllPages {
  private AllPages() {}

  /**
   * Reads all of a listing, page by page.
   *
   * @param listing reads a page
   */
  public static <T> List<T> read(Function<Page, List<T>> listing) {
    return read(Page.FIRST, listing);
  }

  /**
   * Reads all of a listing from a page on, page by page.
   *
   * @param first the first page
   * @param listing reads a page
   */
  public static <T> List<T> read(Page first, Function<Page, List<T>> listing) {
    List<T> all = new ArrayList<>();
    Page page = first;
    while (true) {
      List<T> some = listing.apply(page);
      all.addAll(some);
      if (some.size() < page.limit()) {
        return all;
      }
      page = page.next();
    }
  }

  /**
   * Returns the entries after the one with an id.
   *
   * @param all the entries
   * @param id reads an entry's id
   * @param after the id; null for all
   * @throws SheaveException {@code NOT_FOUND} if there is no such entry
   */
  public static <T> List<T> after(List<T> all, Function<T, UUID> id, @Nullable UUID after) {
    if (after == null) {
      return all;
    }
    for (int i = 0; i < all.size(); i++) {
      if (id.apply(all.get(i)).equals(after)) {
        return all.subList(i + 1, all.size());
      }
    }
    throw lost(after);
  }

  /** The error of a page that follows an entry which doesn't exist. */
  public static SheaveException lost(Object id) {
    return new SheaveException(
        SheaveException.Code.NOT_FOUND,
        "The entry with the id "
            + id
            + " that the page follows doesn't exist any more; start at the first page.");
  }
}
