package dev.sheave.api.internal;

import dev.sheave.api.Page;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Listings as a whole. */
public final class AllPages {
  private AllPages() {}

  /**
   * Reads all of a listing, page by page.
   *
   * @param listing reads a page
   */
  public static <T> List<T> read(Function<Page, List<T>> listing) {
    List<T> all = new ArrayList<>();
    Page page = Page.FIRST;
    while (true) {
      List<T> some = listing.apply(page);
      all.addAll(some);
      if (some.size() < page.limit()) {
        return all;
      }
      page = page.next();
    }
  }
}
