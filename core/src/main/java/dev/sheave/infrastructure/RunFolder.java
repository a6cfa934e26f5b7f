package dev.sheave.infrastructure;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The folder of a process below {@code SHEAVE_HOME/runs}: its output, its working directory, and
 * which process it is. Who handles the process's end removes it; if that one died, the next start
 * on this machine does.
 */
final class RunFolder {
  /** What is left of processes that ended unattended is kept so long, for people to look at. */
  private static final Duration KEPT = Duration.ofHours(1);

  private static final String PID_FILE = "pid";

  private final Path folder;

  private RunFolder(Path folder) {
    this.folder = folder;
  }

  /** Makes a folder that only its owner can look into. */
  static RunFolder create(Path home, UUID flowRunId) throws IOException {
    Path runs = Files.createDirectories(home.resolve("runs"));
    removeLeftovers(runs);
    return new RunFolder(Files.createTempDirectory(runs, flowRunId + "-"));
  }

  private static void removeLeftovers(Path runs) throws IOException {
    Instant old = Instant.now().minus(KEPT);
    try (Stream<Path> folders = Files.list(runs)) {
      for (Path each : folders.toList()) {
        if (Instant.ofEpochMilli(each.toFile().lastModified()).isBefore(old)
            && new RunFolder(each).process().isEmpty()) {
          delete(each.toFile());
        }
      }
    }
  }

  /** Where the process's standard output and error go. */
  Path output() {
    return folder.resolve("output.log");
  }

  /** An empty directory to work in. */
  Path workingDirectory() throws IOException {
    return Files.createDirectories(folder.resolve("work"));
  }

  /** Notes which process it is. */
  void setProcess(ProcessHandle process) throws IOException {
    Files.writeString(folder.resolve(PID_FILE), process.pid() + " " + startOf(process));
  }

  /** The process, if it is still there. */
  private Optional<ProcessHandle> process() {
    try {
      String[] noted = Files.readString(folder.resolve(PID_FILE)).split(" ");
      return ProcessHandle.of(Long.parseLong(noted[0]))
          .filter(process -> startOf(process).equals(noted[1]));
    } catch (IOException | NumberFormatException e) {
      return Optional.empty(); // its starter died before it could note it
    }
  }

  /** Process ids are used again; together with the start they name one process. */
  private static String startOf(ProcessHandle process) {
    return process.info().startInstant().map(start -> start.toEpochMilli() + "").orElse("unknown");
  }

  /** Removes it with all that is in it. */
  void delete() {
    delete(folder.toFile());
  }

  private static void delete(File file) {
    File[] entries = Files.isSymbolicLink(file.toPath()) ? null : file.listFiles();
    if (entries != null) {
      for (File entry : entries) {
        delete(entry);
      }
    }
    file.delete();
  }
}
