package dev.sheave.orchestrator.internal.query;

import dev.sheave.SheaveException;
import dev.sheave.api.Page;
import dev.sheave.api.internal.AllPages;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/**
 * The order of a listing, and its pages. Rows that are equal in that order are ordered by id, so
 * that every page has its place.
 *
 * @param table the table, with its alias, such as {@code flow_run r}
 * @param id the column with the id, such as {@code r.id}
 * @param expression what rows are ordered by, which is never null
 * @param isDescending whether the highest come first
 */
public record Listing(String table, String id, String expression, boolean isDescending) {

  /** Stands for a time that is missing, to be listed last. */
  private static final String LAST = "9223372036854775807";

  /** A listing of the alias and column of a name, the lowest first. */
  public static Listing ascending(String table, String alias, String column) {
    return new Listing(table, alias + ".id", alias + "." + column, false);
  }

  /** A listing of the alias and column of a name, the highest first. */
  public static Listing descending(String table, String alias, String column) {
    return new Listing(table, alias + ".id", alias + "." + column, true);
  }

  /** A listing by a time that rows may lack; those come last. */
  public static Listing byTime(String table, String alias, String column, boolean isDescending) {
    String last = isDescending ? "-" + LAST : LAST;
    return new Listing(
        table, alias + ".id", "coalesce(" + alias + "." + column + ", " + last + ")", isDescending);
  }

  /** Returns the {@code order by} clause. */
  public String order() {
    return " order by " + expression + (isDescending ? " desc, " : ", ") + id;
  }

  /**
   * Returns the end of a query: {@code where}, {@code order by}, {@code limit} and {@code offset}.
   *
   * @param condition what the rows match; empty for all
   * @throws SheaveException {@code NOT_FOUND} if the entry that the page follows doesn't exist
   */
  public String end(Handle handle, Where where, String condition, Page page) {
    UUID after = page.after();
    return end(handle, where, condition, page, after == null ? null : after.toString());
  }

  /** As {@link #end(Handle, Where, String, Page)}, after the row with a key in the id column. */
  public String end(
      Handle handle, Where where, String condition, Page page, @Nullable Object after) {
    String rest = after == null ? "" : after(handle, where, after);
    return Where.clause(Where.all(condition, rest))
        + order()
        + " limit "
        + where.bind(page.limit())
        + " offset "
        + where.bind(page.offset());
  }

  private String after(Handle handle, Where where, Object key) {
    Query query =
        handle
            .createQuery(
                "select " + expression + " as k from " + table + " where " + id + " = :key")
            .bind("key", key);
    Optional<Object> place = query.map((row, context) -> row.getObject(1)).findFirst();
    if (place.isEmpty()) {
      throw AllPages.lost(key);
    }
    String value = where.bind(place.get());
    return "("
        + expression
        + (isDescending ? " < " : " > ")
        + value
        + " or ("
        + expression
        + " = "
        + value
        + " and "
        + id
        + " > "
        + where.bind(key)
        + "))";
  }
}
