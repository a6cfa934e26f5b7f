package dev.sheave.storage.transfer;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.internal.Digests;
import dev.sheave.internal.IoReason;
import dev.sheave.storage.internal.ExecutableBit;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/** The local files of a put. */
final class Source {
  private static final int HASHING_THREADS = 4;

  /** Larger files are read again when they are packed. */
  private static final int SMALL_BYTES = 64 * 1024;

  /** Of all small files. */
  private static final long MAX_KEPT_BYTES = 16L * 1024 * 1024;

  private final SortedMap<RelativePath, Path> files;

  /** The current state of a file. */
  record LocalFile(RelativePath path, Path file, long size, boolean executable) {
    Manifest.Entry entry(String sha256, @Nullable String version) {
      return new Manifest.Entry(path, size, sha256, executable, version);
    }

    /** Reads the content, which is meant for small files only. */
    byte[] content() throws IOException {
      try (InputStream in = Files.newInputStream(file)) {
        byte[] content = in.readNBytes((int) size + 1);
        if (content.length != size) {
          throw changed(file);
        }
        return content;
      }
    }
  }

  private Source(SortedMap<RelativePath, Path> files) {
    this.files = Collections.unmodifiableSortedMap(files);
  }

  /**
   * The files of a tree, without the store itself if it is inside the tree.
   *
   * @throws SheaveException {@code INVALID} if a file is also a folder
   */
  static Source of(FileTree tree, ObjectStore store, RelativePath to) {
    SortedMap<RelativePath, Path> files = new TreeMap<>(tree.files());
    store.directory(to).ifPresent(directory -> leaveOut(directory, files));
    store.directory(RelativePath.ROOT).ifPresent(directory -> leaveOut(directory, files));
    PathConflicts.check(files.keySet());
    return new Source(files);
  }

  private static void leaveOut(Path directory, Map<RelativePath, Path> files) {
    Set<RelativePath> inside = new HashSet<>();
    files.forEach(
        (path, file) -> {
          if (file.toAbsolutePath().normalize().startsWith(directory)) {
            inside.add(path);
          }
        });
    if (inside.size() < files.size()) {
      files.keySet().removeAll(inside);
    }
  }

  /** Whether each file of a tree is the same file as its target. */
  static boolean isIn(FileTree tree, Path directory) {
    return !tree.files().isEmpty()
        && tree.files().entrySet().stream()
            .allMatch(file -> isSameFile(file.getValue(), file.getKey().in(directory)));
  }

  private static boolean isSameFile(Path one, Path other) {
    try {
      return Files.exists(other) && Files.isSameFile(one, other);
    } catch (IOException e) {
      return false;
    }
  }

  /** The locations of the files, by their paths in the tree. */
  SortedMap<RelativePath, Path> files() {
    return files;
  }

  /** Reads the attributes of the files. */
  List<LocalFile> look() {
    List<LocalFile> found = new ArrayList<>();
    try {
      for (Map.Entry<RelativePath, Path> file : files.entrySet()) {
        Path path = file.getValue();
        found.add(new LocalFile(file.getKey(), path, Files.size(path), ExecutableBit.of(path)));
      }
    } catch (IOException e) {
      throw unreadable(e);
    }
    return found;
  }

  /**
   * The result of reading the files.
   *
   * @param manifest the digests of the files
   * @param contents of small files, as many as there is room for
   */
  record Reading(Manifest manifest, Map<RelativePath, byte[]> contents) {}

  /** Reads all files, and keeps the content of small ones. */
  Reading read() {
    return read(MAX_KEPT_BYTES);
  }

  private Reading read(long mostKept) {
    Queue<Manifest.Entry> entries = new ConcurrentLinkedQueue<>();
    Map<RelativePath, byte[]> contents = new ConcurrentHashMap<>();
    List<AdaptiveExecutor.Task> tasks = new ArrayList<>();
    long kept = 0;
    for (LocalFile file : look()) {
      if (file.size() <= SMALL_BYTES && kept + file.size() <= mostKept) {
        kept += file.size();
        tasks.add(
            new AdaptiveExecutor.Task(
                file.size(),
                () -> {
                  byte[] content = file.content();
                  contents.put(file.path(), content);
                  entries.add(file.entry(Digests.sha256(content), null));
                }));
      } else {
        tasks.add(
            new AdaptiveExecutor.Task(
                file.size(), () -> entries.add(file.entry(Digests.sha256(file.file()), null))));
      }
    }
    run(tasks, HASHING_THREADS);
    return new Reading(new Manifest(entries), contents);
  }

  /** The digest of a tree. */
  static String digest(FileTree tree) {
    return new Source(tree.files()).read(0).manifest().digest();
  }

  /** Compares files with a manifest, on a few threads. */
  static void compare(Collection<AdaptiveExecutor.Task> tasks) {
    run(tasks, HASHING_THREADS);
  }

  /** Runs tasks that read files. */
  static void run(Collection<AdaptiveExecutor.Task> tasks, int concurrency) {
    try {
      AdaptiveExecutor.run(tasks, concurrency);
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  static SheaveException changed(Path file) {
    return new SheaveException(
        Code.INVALID, "'" + file + "' changed while it was being uploaded: upload again.");
  }

  static SheaveException unreadable(IOException e) {
    if (e instanceof NoSuchFileException missing) {
      return new SheaveException(
          Code.INVALID,
          "'" + missing.getFile() + "' was removed while it was being uploaded:" + " upload again.",
          e);
    }
    return new SheaveException(
        Code.INVALID, "A file can't be read for its upload: " + IoReason.of(e) + ".", e);
  }
}
