package dev.sheave.orchestrator.internal.database;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Writes new rows. */
public final class NewRows {

  private NewRows() {}

  /**
   * Writes rows.
   *
   * @param rows the values by their columns; all have the same columns, in the same order
   */
  public static void insert(Handle handle, String table, List<Map<String, @Nullable Object>> rows) {
    if (rows.isEmpty()) {
      return;
    }
    Set<String> columns = rows.get(0).keySet();
    String sql =
        "insert into "
            + table
            + " ("
            + String.join(", ", columns)
            + ") values ("
            + String.join(", ", Collections.nCopies(columns.size(), "?"))
            + ")";
    Batch.execute(handle, sql, rows.stream().map(Map::values).toList());
  }
}
