package dev.sheave.cli.command;

import dev.sheave.api.Page;
import dev.sheave.cli.terminal.Terminal;
import dev.sheave.internal.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A command that shows something, to people or to programs. */
abstract class ViewCommand extends Command {

  /** What output looks like. */
  enum Format {
    TABLE,
    JSON
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
    List<T> all = new ArrayList<>();
    Page page = Page.FIRST;
    while (true) {
      List<T> entries = listing.apply(page);
      all.addAll(entries);
      if (entries.size() < page.limit()) {
        return all;
      }
      page = page.next();
    }
  }
}
