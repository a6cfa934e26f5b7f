package dev.sheave.infrastructure;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.infrastructure.internal.RunOutputStream;
import dev.sheave.internal.Folders;
import dev.sheave.internal.IoReason;
import dev.sheave.internal.PrivateFiles;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder of one attempt at a run below {@code SHEAVE_HOME/runs}: its output, its working
 * directory, its process id and its exit code. The program that records the end of the process
 * removes the folder; if none does, a later start on this machine does.
 */
final class RunFolder {
  /** How long the folder of a process that ended unattended is kept. */
  private static final Duration KEPT = Duration.ofDays(1);

  /** The folder of all of them in a home. */
  static final String RUNS = "runs";

  private static final String PID_FILE = "pid";
  private static final String STORE_FILE = "store";
  private static final String WORK = "work";
  private static final int ID_LENGTH = 36;
  private static final Pattern NAME = Pattern.compile("[0-9a-f-]{36}-[1-9]\\d{0,8}");

  private static final Logger LOG = LoggerFactory.getLogger(ProcessInfrastructure.class);

  private final Path folder;

  private RunFolder(Path folder) {
    this.folder = folder;
  }

  /**
   * Which process executes a run.
   *
   * @param pid {@code host:1234}
   * @param launch names the files with its end; empty if it has none
   */
  record Noted(String pid, String launch) {}

  /** The folder of an attempt, which need not exist. */
  static RunFolder of(Path home, UUID flowRunId, int attempt) {
    return new RunFolder(home.resolve(RUNS).resolve(flowRunId + "-" + attempt));
  }

  /** The folder of a request's attempt, which need not exist. */
  static RunFolder of(RunRequest request) {
    return of(request.home(), request.flowRunId(), request.attempt());
  }

  /** Finds the folder in which a process is noted as a run's; empty if there is none. */
  static Optional<RunFolder> of(RunRequest request, String pid) {
    RunFolder own = of(request);
    if (own.isOf(pid)) {
      return Optional.of(own);
    }
    Path runs = request.home().resolve(RUNS);
    try (DirectoryStream<Path> folders =
        Files.newDirectoryStream(runs, request.flowRunId() + "-*")) {
      for (Path each : folders) {
        RunFolder folder = new RunFolder(each);
        if (folder.isOf(pid)) {
          return Optional.of(folder);
        }
      }
    } catch (NoSuchFileException e) {
      // nothing was started here
    } catch (IOException e) {
      throw unreadable(runs, e);
    }
    return Optional.empty();
  }

  /** Finds all folders of a home. */
  static List<RunFolder> all(Path home) {
    Path runs = home.resolve(RUNS);
    try (Stream<Path> folders = Files.list(runs)) {
      return folders
          .filter(each -> NAME.matcher(each.getFileName().toString()).matches())
          .map(RunFolder::new)
          .toList();
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw unreadable(runs, e);
    }
  }

  /** The run, of a folder that was found. */
  UUID flowRunId() {
    return UUID.fromString(folder.getFileName().toString().substring(0, ID_LENGTH));
  }

  /** The attempt, of a folder that was found. */
  int attempt() {
    return Integer.parseInt(folder.getFileName().toString().substring(ID_LENGTH + 1));
  }

  /** When its process was noted. */
  Instant created() {
    return Instant.ofEpochMilli(pidFile().toFile().lastModified());
  }

  /** Notes which store has the run's record. On a full disk the run goes on without. */
  void noteStore(@Nullable String store) {
    if (store != null) {
      try {
        PrivateFiles.write(folder.resolve(STORE_FILE), store);
      } catch (IOException e) {
        LOG.debug("The store of a run can't be noted in '{}': {}", folder, IoReason.of(e));
      }
    }
  }

  /** Returns which store has the run's record; empty if that isn't noted. */
  Optional<String> store() {
    return Optional.ofNullable(read(folder.resolve(STORE_FILE)));
  }

  private boolean isOf(String pid) {
    return noted().filter(noted -> noted.pid().equals(pid)).isPresent();
  }

  /**
   * Creates the folder so that only its owner can read it.
   *
   * @return whether it was created; false if it was there
   */
  boolean create() throws IOException {
    Path runs = Objects.requireNonNull(folder.getParent());
    PrivateFiles.createFolderIfMissing(runs);
    removeLeftovers(runs);
    try {
      PrivateFiles.createFolder(folder);
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    }
  }

  private static void removeLeftovers(Path runs) throws IOException {
    Instant old = Instant.now().minus(KEPT);
    try (Stream<Path> folders = Files.list(runs)) {
      for (Path each : folders.toList()) {
        if (Instant.ofEpochMilli(each.toFile().lastModified()).isBefore(old) && isLeftOver(each)) {
          Folders.delete(each);
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
      Optional<Noted> noted = new RunFolder(folder).noted();
      // without a process, its starter died before there was one
      return noted.isEmpty() || ProcessSearch.find(run, noted.get().pid()).isEmpty();
    } catch (SheaveException | IllegalArgumentException e) {
      return false; // it is another machine's, or not ours at all
    }
  }

  /** Where it is. */
  Path path() {
    return folder;
  }

  /** The file for the process's standard output and error. */
  Path output() {
    return folder.resolve("output.log");
  }

  /** An empty directory to work in. */
  Path workingDirectory() throws IOException {
    return Files.createDirectories(folder.resolve(WORK));
  }

  /** Where which process it is is noted: a line {@code host:1234}, and one with its launch. */
  Path pidFile() {
    return folder.resolve(PID_FILE);
  }

  /** Where the exit code of a launch is noted. */
  Path exitFile(String launch) {
    return folder.resolve(launch + ".exit");
  }

  /** The file that is there when all that a launch printed is in the file of its output. */
  Path outputEnd(String launch) {
    return folder.resolve(launch + ".end");
  }

  /** The file that names the command of a launch if it could not be executed. */
  Path neverFile(String launch) {
    return folder.resolve(launch + ".never");
  }

  /** Returns which process is noted; empty if none is. */
  Optional<Noted> noted() {
    String text = read(pidFile());
    if (text == null || text.isBlank()) {
      return Optional.empty();
    }
    String[] lines = text.strip().split("\n", 2);
    return Optional.of(new Noted(lines[0].strip(), lines.length > 1 ? lines[1].strip() : ""));
  }

  /** Returns how a launch ended; empty if that isn't noted. */
  Optional<Ended> end(String launch) {
    String code = read(exitFile(launch));
    if (code == null || !code.endsWith("\n")) { // it is being written
      return Optional.empty();
    }
    return Optional.of(end(launch, Integer.parseInt(code.strip())));
  }

  /** Returns the end of a launch with a code. */
  Ended end(String launch, int code) {
    String command = read(neverFile(launch));
    return command == null
        ? Ended.withCode(code)
        : new Ended(
            Ended.Kind.NEVER_STARTED,
            OptionalInt.of(code),
            "The command '" + command.strip() + "' was not found.");
  }

  private static @Nullable String read(Path file) {
    try {
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      return null;
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private static SheaveException unreadable(Path path, IOException e) {
    return new SheaveException(
        Code.UNAVAILABLE,
        "What is noted of runs in '" + path + "' can't be read: " + IoReason.of(e, path) + ".",
        e);
  }

  /**
   * Removes what nobody needs after the end: the working directory, and, where the disk is about to
   * be full, so that an end can't be recorded, the output.
   */
  void shrink() {
    Folders.delete(folder.resolve(WORK));
    try {
      if (Files.getFileStore(folder).getUsableSpace() < RunOutputStream.MAX_BYTES) {
        Files.deleteIfExists(output());
      }
    } catch (IOException e) {
      // it is gone altogether, or removed when the end is recorded
    }
  }

  /**
   * Removes the folder and its content, and those of earlier attempts of which no process is noted:
   * whoever began them died before there was one.
   */
  void delete() {
    Folders.delete(folder);
    for (int earlier = attempt() - 1; earlier > 0; earlier--) {
      RunFolder begun = new RunFolder(folder.resolveSibling(flowRunId() + "-" + earlier));
      if (begun.noted().isEmpty()) {
        Folders.delete(begun.folder);
      }
    }
  }
}
