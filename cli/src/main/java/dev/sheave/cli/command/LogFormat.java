package dev.sheave.cli.command;

import dev.sheave.runtime.internal.ProcessLogging;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Option;

/** How a long-running command prints what it does: for people, or for programs. */
final class LogFormat {
  /** The formats. */
  enum Format {
    TEXT,
    JSON;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Option(
      names = "--log-format",
      paramLabel = "FORMAT",
      description =
          "'text' for people, 'json' for programs, with a JSON object on each line. Default:"
              + " text.")
  Format format = Format.TEXT;

  /**
   * Returns what takes the command's own lines, and prints all in the format from now on.
   *
   * @param program what these lines are logged as, such as {@code sheave.server}
   * @param plain takes them in the format for people
   */
  Consumer<String> lines(String program, Consumer<String> plain) {
    if (format == Format.TEXT) {
      return plain;
    }
    ProcessLogging.printJson();
    Logger log = LoggerFactory.getLogger(program);
    return log::info;
  }

  /**
   * Returns what takes several lines together: as one text for people, since that is faster.
   *
   * @param lines what {@link #lines} has returned
   */
  Consumer<List<String>> together(Consumer<String> lines) {
    return format == Format.TEXT
        ? all -> lines.accept(String.join("\n", all))
        : all -> all.forEach(lines);
  }
}
