package dev.sheave.infrastructure;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The control group (version 2) of an attempt's processes, where the kernel has them and this
 * program may make one: root may as a rule, and services that their group was delegated to. Nothing
 * leaves it by a double fork, a session of its own or an emptied environment.
 */
final class RunCgroup {
  private static final String PREFIX = "sheave-run-";
  private static final Path SELF = Path.of("/proc/self/cgroup");
  private static final Path MOUNTS = Path.of("/proc/self/mounts");

  /** Empty groups of runs whose starter died are removed when they are so old. */
  private static final Duration KEPT = Duration.ofHours(1);

  private final Path folder;

  private RunCgroup(Path folder) {
    this.folder = folder;
  }

  /** Makes an attempt's group below this program's own; empty if that isn't possible here. */
  static Optional<RunCgroup> create(UUID run, int attempt) {
    try {
      Optional<Path> own = mountPoint().flatMap(mount -> groupOf(mount, SELF));
      if (own.isEmpty()) {
        return Optional.empty();
      }
      Path parent = own.get();
      removeLeftovers(parent);
      Path folder = parent.resolve(nameOf(run, attempt));
      try {
        Files.createDirectory(folder);
      } catch (FileAlreadyExistsException e) {
        // of an earlier start, whose agent died
      }
      return Optional.of(new RunCgroup(folder));
    } catch (IOException e) {
      return Optional.empty(); // this program may not, as most that aren't root's
    }
  }

  private static String nameOf(UUID run, int attempt) {
    return PREFIX + run + "-" + attempt;
  }

  /** Finds the group that an attempt's process is in; empty if it is in none of its attempt's. */
  static Optional<RunCgroup> of(UUID run, int attempt, long pid) {
    return mountPoint()
        .flatMap(mount -> groupOf(mount, Path.of("/proc", Long.toString(pid), "cgroup")))
        .filter(folder -> folder.endsWith(nameOf(run, attempt)))
        .map(RunCgroup::new);
  }

  /** Finds an attempt's group below this program's own, where a process of it need not be left. */
  static Optional<RunCgroup> existing(UUID run, int attempt) {
    return mountPoint()
        .flatMap(mount -> groupOf(mount, SELF))
        .map(own -> own.resolve(nameOf(run, attempt)))
        .filter(Files::isDirectory)
        .map(RunCgroup::new);
  }

  private static void removeLeftovers(Path parent) throws IOException {
    Instant old = Instant.now().minus(KEPT);
    try (DirectoryStream<Path> groups = Files.newDirectoryStream(parent, PREFIX + "*")) {
      for (Path each : groups) {
        if (Files.getLastModifiedTime(each).toInstant().isBefore(old)) {
          new RunCgroup(each).removeIfEmpty();
        }
      }
    }
  }

  private static Optional<Path> mountPoint() {
    try (Stream<String> mounts = Files.lines(MOUNTS)) {
      return mounts
          .map(line -> line.split(" "))
          .filter(words -> words.length > 2 && words[2].equals("cgroup2"))
          .map(words -> Path.of(words[1].replace("\\040", " ")))
          .findFirst();
    } catch (IOException | RuntimeException e) {
      return Optional.empty(); // another system than Linux
    }
  }

  private static Optional<Path> groupOf(Path mount, Path file) {
    try {
      return Files.readAllLines(file).stream()
          .filter(line -> line.startsWith("0::/"))
          .map(line -> mount.resolve(line.substring("0::/".length())))
          .filter(Files::isDirectory)
          .findFirst();
    } catch (IOException e) {
      return Optional.empty(); // the process is gone
    }
  }

  /** The file that a process writes its id to in order to join. */
  Path joinFile() {
    return folder.resolve("cgroup.procs");
  }

  /** Puts a process into the group. */
  void add(long pid) throws IOException {
    Files.writeString(joinFile(), Long.toString(pid));
  }

  /** The processes that are in the group itself. */
  List<ProcessHandle> processes() {
    try {
      return Files.readAllLines(joinFile()).stream()
          .flatMap(pid -> ProcessHandle.of(Long.parseLong(pid)).stream())
          .toList();
    } catch (IOException e) {
      return List.of(); // it was removed
    }
  }

  /** Whether a process is left in the group, or in one below it. */
  boolean isPopulated() {
    try {
      return Files.readAllLines(folder.resolve("cgroup.events")).contains("populated 1");
    } catch (IOException e) {
      return false; // it was removed
    }
  }

  /** Ends all processes of the group, and of those below it, at once. */
  void killAll() {
    try {
      Files.writeString(folder.resolve("cgroup.kill"), "1");
    } catch (IOException e) {
      processes().forEach(ProcessHandle::destroyForcibly); // before Linux 5.14
    }
  }

  /** Removes the group, unless a process is left in it. */
  void removeIfEmpty() {
    try {
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      // what the run left behind on purpose lives in it
    }
  }
}
