package dev.sheave.infrastructure;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The command that gives a process a session of its own, so that no terminal's signals reach it.
 */
final class SessionCommand {
  private SessionCommand() {}

  /** Returns what to put before a command; nothing where there is no such command. */
  static List<String> prefix() {
    return find().map(path -> List.of(path.toString())).orElse(List.of());
  }

  static Optional<Path> find() {
    String path = System.getenv("PATH");
    return path == null
        ? Optional.empty()
        : Pattern.compile(Pattern.quote(File.pathSeparator))
            .splitAsStream(path)
            .filter(folder -> !folder.isEmpty())
            .map(folder -> Path.of(folder, "setsid"))
            .filter(Files::isExecutable)
            .findFirst();
  }
}
