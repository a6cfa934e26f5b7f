package dev.sheave.storage.github;

import dev.sheave.storage.backend.LocalFiles;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.eclipse.jgit.lib.Repository;

/**
 * The cache of fetched commits in {@code SHEAVE_HOME/cache/git}: a bare repository for each
 * address, and its LFS objects beside it.
 *
 * <p>A writer of a repository holds its lock, against other threads and processes. Readers need no
 * lock, since objects are only added. A repository with more than {@link #MAX_PACKS} packs is
 * replaced by a new one under the next number. If the cache is larger than {@link #MAX_BYTES},
 * repositories that weren't used for {@link #GRACE} are removed, the least recently used first.
 */
final class GitCache {
  /** How large all of it may be, in bytes. */
  static final long MAX_BYTES = 2L << 30;

  /** Nothing that was used within this time is removed: somebody may be reading it. */
  static final Duration GRACE = Duration.ofHours(1);

  /** How many packs a repository may have: each fetch adds one, and each makes reading slower. */
  static final int MAX_PACKS = 40;

  private static final Map<Path, ReentrantLock> LOCKS = new ConcurrentHashMap<>();
  private static final String SUFFIX = ".git";
  private static final String USED = "sheave-used";

  private final Path folder;
  private final long maxBytes;
  private final Duration grace;

  GitCache(Path folder, long maxBytes, Duration grace) {
    this.folder = folder;
    this.maxBytes = maxBytes;
    this.grace = grace;
  }

  /** Returns the cache of this process's user. */
  static GitCache ofUser() {
    return new GitCache(LocalFiles.cache("git"), MAX_BYTES, GRACE);
  }

  /** An action on a repository whose lock is held. */
  interface Use {
    /** Returns whether something was added. */
    boolean apply(Repository repository) throws IOException;
  }

  /**
   * Opens an address's repository, and runs an action that may add to it while its lock is held.
   *
   * @return the repository, which the caller closes
   */
  Repository open(RepositoryAddress address, Use use) throws IOException {
    LocalFiles.createPrivateFolder(folder); // its content may be private
    Path lockFile = folder.resolve(address.key() + ".lock");
    ReentrantLock mine = LOCKS.computeIfAbsent(lockFile, path -> new ReentrantLock());
    boolean added;
    Repository repository;
    mine.lock();
    try (FileChannel channel =
        FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      // let go of when the channel is closed
      channel.lock();
      repository = repository(address.key());
      try {
        // what a process left that died in a fetch
        Files.deleteIfExists(repository.getDirectory().toPath().resolve("shallow.lock"));
        added = use.apply(repository);
        touch(repository.getDirectory().toPath().resolve(USED));
      } catch (IOException | RuntimeException e) {
        repository.close();
        throw e;
      }
    } finally {
      mine.unlock();
    }
    if (added) {
      trim();
    }
    return repository;
  }

  /** Returns the path of an LFS object, whether it exists or not. */
  Path lfsObject(RepositoryAddress address, String oid) {
    return lfsObjects(address).resolve(oid.substring(0, 2)).resolve(oid);
  }

  /** Returns the folder of all LFS objects of a repository. */
  Path lfsObjects(RepositoryAddress address) {
    return folder.resolve(address.key() + ".lfs");
  }

  /** Marks a file as used now. */
  static void touch(Path file) throws IOException {
    try {
      Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
    } catch (NoSuchFileException e) {
      Files.write(file, new byte[0]);
    }
  }

  private Repository repository(String key) throws IOException {
    int newest = 0;
    try (Stream<Path> entries = Files.list(folder)) {
      for (Path entry : (Iterable<Path>) entries::iterator) {
        newest = Math.max(newest, number(entry, key));
      }
    }
    if (newest > 0 && packs(folder.resolve(key + "." + newest + SUFFIX)) >= MAX_PACKS) {
      newest++;
    }
    File directory = folder.resolve(key + "." + Math.max(newest, 1) + SUFFIX).toFile();
    Repository repository = new BoundedRepository(directory);
    if (!repository.getObjectDatabase().exists()) {
      repository.create(true);
    }
    return repository;
  }

  /** The number of a repository in the folder; 0 if it is another's, or none. */
  private static int number(Path entry, String key) {
    String name = String.valueOf(entry.getFileName());
    if (!name.startsWith(key + ".") || !name.endsWith(SUFFIX)) {
      return 0;
    }
    String number = name.substring(key.length() + 1, name.length() - SUFFIX.length());
    return number.matches("[0-9]{1,9}") ? Integer.parseInt(number) : 0;
  }

  private static int packs(Path repository) throws IOException {
    try (Stream<Path> files = Files.list(repository.resolve("objects").resolve("pack"))) {
      return (int) files.filter(file -> file.toString().endsWith(".pack")).count();
    } catch (NoSuchFileException e) {
      return 0;
    }
  }

  /** Something that can be removed by itself. */
  private record Unit(Path path, long bytes, Instant used) {}

  /** Removes the least recently used repositories while the cache is too large. */
  void trim() throws IOException {
    List<Unit> units = units();
    long total = units.stream().mapToLong(Unit::bytes).sum();
    Instant limit = Instant.now().minus(grace);
    for (Unit unit : units) {
      if (total <= maxBytes) {
        return;
      }
      if (unit.used().isBefore(limit)) {
        delete(unit.path());
        total -= unit.bytes();
      }
    }
  }

  private List<Unit> units() throws IOException {
    List<Unit> units = new ArrayList<>();
    try (Stream<Path> entries = Files.list(folder)) {
      for (Path entry : (Iterable<Path>) entries::iterator) {
        String name = entry.toString();
        if (name.endsWith(SUFFIX)) {
          Path used = entry.resolve(USED);
          Path stamp = Files.exists(used) ? used : entry;
          units.add(new Unit(entry, size(entry), modified(stamp)));
        } else if (name.endsWith(".lfs")) {
          for (Path file : files(entry)) {
            units.add(new Unit(file, size(file), modified(file)));
          }
        }
      }
    }
    units.sort(Comparator.comparing(Unit::used));
    return units;
  }

  private static Instant modified(Path file) {
    try {
      return Files.getLastModifiedTime(file).toInstant();
    } catch (IOException e) {
      // another process removed it
      return Instant.MAX;
    }
  }

  private static long size(Path path) throws IOException {
    long size = 0;
    for (Path file : files(path)) {
      File plain = file.toFile();
      size += plain.length();
    }
    return size;
  }

  private static List<Path> files(Path path) throws IOException {
    try (Stream<Path> all = Files.walk(path)) {
      return all.filter(Files::isRegularFile).toList();
    } catch (NoSuchFileException | UncheckedIOException e) {
      // another process removed it
      return List.of();
    }
  }

  private static void delete(Path path) throws IOException {
    List<Path> all;
    try (Stream<Path> found = Files.walk(path)) {
      all = found.sorted(Comparator.reverseOrder()).toList();
    } catch (NoSuchFileException e) {
      return;
    }
    for (Path each : all) {
      Files.deleteIfExists(each);
    }
  }
}
