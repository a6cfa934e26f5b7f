package dev.sheave.infrastructure;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The command that gives a process a session of its own, so that no terminal's signals reach it.
 */
final class SessionCommand {
  private SessionCommand() {}

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
