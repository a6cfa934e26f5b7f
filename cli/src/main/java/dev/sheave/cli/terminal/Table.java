package dev.sheave.cli.terminal;

import dev.sheave.internal.OneLine;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A table whose columns are two blanks apart. Nothing is cut off, so that people and {@code awk}
 * can read it. Not safe for use by several threads.
 */
public final class Table {
  private final List<String> headings;
  private final List<List<String>> rows = new ArrayList<>();

  /** Makes a table with these headings. */
  public Table(String... headings) {
    this.headings = List.of(headings);
  }

  /** Adds a row; null for an empty cell. */
  public void add(@Nullable Object... cells) {
    if (cells.length != headings.size()) {
      throw new IllegalArgumentException(Arrays.toString(cells) + " for " + headings);
    }
    List<String> row = new ArrayList<>();
    for (Object cell : cells) {
      row.add(cell == null ? "" : OneLine.of(cell.toString()));
    }
    rows.add(row);
  }

  /** Returns whether there are no rows. */
  public boolean isEmpty() {
    return rows.isEmpty();
  }

  /** Writes the table. */
  public void print(Terminal terminal) {
    int[] widths = new int[headings.size()];
    measure(widths, headings);
    rows.forEach(row -> measure(widths, row));
    terminal.out().println(terminal.in(Terminal.Colour.FAINT, line(widths, headings)));
    rows.forEach(row -> terminal.out().println(line(widths, row)));
    terminal.out().flush();
  }

  private static void measure(int[] widths, List<String> row) {
    for (int i = 0; i < widths.length; i++) {
      String cell = row.get(i);
      widths[i] = Math.max(widths[i], cell.codePointCount(0, cell.length()));
    }
  }

  private static String line(int[] widths, List<String> row) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      String cell = row.get(i);
      line.append(cell);
      if (i < widths.length - 1) {
        line.append(" ".repeat(widths[i] - cell.codePointCount(0, cell.length()) + 2));
      }
    }
    return line.toString().stripTrailing();
  }
}
