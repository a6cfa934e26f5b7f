package dev.sheave.cli.command;

import dev.sheave.api.Page;
import dev.sheave.cli.terminal.Table;
import dev.sheave.cli.terminal.Terminal;
import dev.sheave.internal.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A command that shows something, to people or to programs. */
abstract class ViewCommand extends Command {

  /** What output looks like. */
  enum Format {
    TABLE,
    JSON;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description = "'table' for people, 'json' for programs. Default: table.")
  Format format = Format.TABLE;

  /** Writes a JSON value. */
  static int printJson(Terminal terminal, @Nullable Object value) {
    terminal.say(Json.writePretty(value));
    return 0;
  }

  /** Reads all of a listing, page by page. */
  static <T> List<T> readAll(Function<Page, List<T>> listing) {
    return readUpTo(Integer.MAX_VALUE, listing);
  }

  /** Reads the beginning of a listing, page by page. */
  static <T> List<T> readUpTo(int limit, Function<Page, List<T>> listing) {
    List<T> all = new ArrayList<>();
    while (all.size() < limit) {
      Page page = new Page(Math.min(Page.MAX_LIMIT, limit - all.size()), all.size());
      List<T> entries = listing.apply(page);
      all.addAll(entries);
      if (entries.size() < page.limit()) {
        break;
      }
    }
    return all;
  }

  /**
   * Checks the value of {@code --limit}.
   *
   * @throws UsageException if it is less than 1
   */
  static void checkLimit(int limit) {
    if (limit < 1) {
      throw new UsageException("--limit must be 1 or more, not " + limit + ".");
    }
  }

  /** Shows a record's fields one below the other. */
  static void printFields(Terminal terminal, Map<String, @Nullable Object> fields) {
    Table table = new Table("FIELD", "VALUE");
    fields.forEach(
        (field, value) ->
            table.add(field, value == null || value instanceof String ? value : Json.write(value)));
    table.print(terminal);
  }
}
