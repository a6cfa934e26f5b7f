package dev.sheave.infrastructure;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.internal.IoReason;
import dev.sheave.internal.PrivateFiles;
import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The folder of a process below {@code SHEAVE_HOME/runs}: its output, its working directory, and
 * its process id. The program that handles the end of the process removes the folder; if that
 * program died, the next start on this machine does.
 */
final class RunFolder {
  /** How long the folder of a process that ended unattended is kept for inspection. */
  private static final Duration KEPT = Duration.ofHours(1);

  /** The folder of all of them in a home. */
  static final String RUNS = "runs";

  private static final String PID_FILE = "pid";
  private static final int ID_LENGTH = 36;

  private final Path folder;

  private RunFolder(Path folder) {
    this.folder = folder;
  }

  /** Creates a folder that only its owner can read. */
  static RunFolder create(Path home, UUID flowRunId) throws IOException {
    Path runs = home.resolve(RUNS);
    PrivateFiles.createFolderIfMissing(runs);
    removeLeftovers(runs);
    return new RunFolder(Files.createTempDirectory(runs, flowRunId + "-"));
  }

  private static void removeLeftovers(Path runs) throws IOException {
    Instant old = Instant.now().minus(KEPT);
    try (Stream<Path> folders = Files.list(runs)) {
      for (Path each : folders.toList()) {
        if (Instant.ofEpochMilli(each.toFile().lastModified()).isBefore(old) && isLeftOver(each)) {
          delete(each.toFile());
        }
      }
    }
  }

  /**
   * Process ids are reused, and homes are shared by machines, so the folder is kept unless its
   * process has certainly ended.
   */
  private static boolean isLeftOver(Path folder) {
    String name = folder.getFileName().toString();
    try {
      UUID run = UUID.fromString(name.substring(0, Math.min(ID_LENGTH, name.length())));
      AttachedProcess.find(run, Files.readString(folder.resolve(PID_FILE)).strip());
      return false;
    } catch (NoSuchFileException e) {
      return true; // its starter died before there was a process
    } catch (SheaveException e) {
      return e.code() == Code.NOT_FOUND;
    } catch (IOException | IllegalArgumentException e) {
      return false; // it is not ours, as it seems
    }
  }

  /** The file for the process's standard output and error. */
  Path output() {
    return folder.resolve("output.log");
  }

  /** An empty directory to work in. */
  Path workingDirectory() throws IOException {
    return Files.createDirectories(folder.resolve("work"));
  }

  /** Where it is. */
  Path path() {
    return folder;
  }

  /** Where which process it is is noted: {@code host:1234}. */
  Path pidFile() {
    return folder.resolve(PID_FILE);
  }

  /** Returns what is noted of the newest process of a run. */
  static Optional<String> pidOf(Path home, UUID flowRunId) {
    Path runs = home.resolve(RUNS);
    if (!Files.isDirectory(runs)) {
      return Optional.empty();
    }
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(runs, flowRunId + "-*")) {
      List<Path> newestFirst = new ArrayList<>();
      folders.forEach(newestFirst::add);
      newestFirst.sort(
          Comparator.comparing((Path each) -> each.toFile().lastModified()).reversed());
      for (Path each : newestFirst) {
        Path file = each.resolve(PID_FILE);
        String pid = Files.exists(file) ? Files.readString(file).strip() : "";
        if (!pid.isEmpty()) {
          return Optional.of(pid);
        }
      }
    } catch (NoSuchFileException e) {
      // it ended, and who started it was there to remove its folder
    } catch (IOException e) {
      throw new SheaveException(
          Code.UNAVAILABLE,
          "What is noted of flow run '"
              + flowRunId
              + "' in "
              + runs
              + " can't be read: "
              + IoReason.of(e, runs)
              + ".",
          e);
    }
    return Optional.empty();
  }

  /** Removes the folder and its content. */
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
