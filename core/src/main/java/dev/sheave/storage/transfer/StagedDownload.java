package dev.sheave.storage.transfer;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.internal.Digests;
import dev.sheave.internal.OwnedTemporary;
import dev.sheave.storage.internal.ExecutableBit;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A download in two steps: missing files are fetched into a staging folder inside the directory,
 * and moved to their places when all of them are complete. A {@link DownloadMarker} is there while
 * they are moved, so that a directory in which a download was killed is noticed.
 */
final class StagedDownload {
  private static final int HASHING_THREADS = 4;

  private final Path directory;
  private final String from;
  private final TransferListener listener;
  private final boolean inPlace;
  private final Map<RelativePath, Manifest.Entry> got = new ConcurrentHashMap<>();
  private int moved;

  /**
   * A file to get.
   *
   * @param target where it goes
   * @param proof the manifest's entry to verify it with; null if another tool wrote it
   */
  record Wanted(
      RelativePath path,
      Path target,
      long size,
      boolean executable,
      Manifest.@Nullable Entry proof) {
    @Override
    public int hashCode() {
      return path.hashCode();
    }
  }

  /** Fetches files into their parts, and reports each one as {@linkplain #got got}. */
  interface Fetch {
    void into(Map<Wanted, Path> parts) throws IOException;
  }

  /**
   * Creates a download into a directory.
   *
   * @param from where the files come from, as people write it
   * @param origin where the files lie if the store keeps them on this machine
   * @param listener hears of an earlier download that was interrupted
   */
  StagedDownload(Path directory, String from, @Nullable Path origin, TransferListener listener) {
    this.directory = directory;
    this.from = from;
    this.listener = listener;
    this.inPlace = origin != null && isSameDirectory(origin, directory);
  }

  private static boolean isSameDirectory(Path one, Path other) {
    try {
      return Files.isSameFile(one, other);
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * The files of a manifest; each path is checked to stay inside the directory before anything is
   * written.
   */
  List<Wanted> wanted(Manifest manifest) {
    List<Wanted> wanted = new ArrayList<>();
    for (Manifest.Entry entry : manifest.entries().values()) {
      wanted.add(
          new Wanted(
              entry.path(), entry.path().in(directory), entry.size(), entry.executable(), entry));
    }
    return wanted;
  }

  /** Brings the files. The fetch is called even if nothing is missing. */
  void bring(Collection<Wanted> wanted, Fetch fetch) throws IOException {
    got.clear();
    List<RelativePath> paths = wanted.stream().map(Wanted::path).toList();
    PathConflicts.check(paths);
    Files.createDirectories(directory);
    PathConflicts.checkTwins(paths, directory.toString(), () -> PathConflicts.foldingIn(directory));
    checkRoom(wanted);
    List<Path> interrupted = inPlace ? List.of() : DownloadMarker.find(directory);
    List<Wanted> missing = missing(wanted);
    moved = missing.size();
    if (missing.isEmpty()) {
      fetch.into(Map.of());
    } else {
      stage(missing, fetch);
    }
    if (!interrupted.isEmpty()) {
      for (Path marker : interrupted) {
        Files.deleteIfExists(marker);
      }
      listener.warning(
          "An earlier download into '"
              + directory
              + "' was interrupted: the directory has all files of '"
              + from
              + "' now.");
    }
  }

  private void stage(List<Wanted> missing, Fetch fetch) throws IOException {
    Path staging = OwnedTemporary.createFolder(directory, ReservedNames.PART_PREFIX);
    try {
      Map<Wanted, Path> parts = new LinkedHashMap<>();
      for (Wanted file : missing) {
        parts.put(file, staging.resolve(Integer.toString(parts.size())));
      }
      fetch.into(parts);
      // a single one is moved whole or not at all
      Path marker = parts.size() > 1 ? DownloadMarker.create(directory, from) : null;
      moveAll(parts);
      if (marker != null) {
        Files.deleteIfExists(marker);
      }
    } finally {
      remove(staging);
    }
  }

  private static void moveAll(Map<Wanted, Path> parts) throws IOException {
    Set<Path> folders = new HashSet<>();
    for (Map.Entry<Wanted, Path> part : parts.entrySet()) {
      Path target = part.getKey().target();
      if (folders.add(target.getParent())) {
        Files.createDirectories(target.getParent());
      }
      move(part.getValue(), target);
    }
  }

  /**
   * Before anything else, checks that no folder is in the place of a file, nor a file in that of a
   * folder.
   */
  private void checkRoom(Collection<Wanted> wanted) {
    Set<Path> folders = new HashSet<>();
    for (Wanted file : wanted) {
      if (Files.isDirectory(file.target(), LinkOption.NOFOLLOW_LINKS)) {
        throw new SheaveException(
            Code.INVALID,
            "'" + file.target() + "' is a directory, but a file has to be written there: move it.");
      }
      for (Path folder = file.target().getParent();
          folder != null && !folder.equals(directory) && folders.add(folder);
          folder = folder.getParent()) {
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
          throw new SheaveException(
              Code.INVALID,
              "'" + folder + "' is a file, but a directory has to be created there:" + " move it.");
        }
      }
    }
  }

  /** The missing files, found by size and digest. */
  private List<Wanted> missing(Collection<Wanted> wanted) throws IOException {
    Set<RelativePath> here = ConcurrentHashMap.newKeySet();
    List<AdaptiveExecutor.Task> tasks = new ArrayList<>();
    for (Wanted file : wanted) {
      Path target = file.target();
      Manifest.Entry proof = file.proof();
      boolean comparable =
          Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS)
              && (inPlace || (proof != null && Files.size(target) == proof.size()));
      if (comparable) {
        tasks.add(new AdaptiveExecutor.Task(file.size(), () -> compare(file, here)));
      }
    }
    AdaptiveExecutor.run(tasks, HASHING_THREADS);
    return wanted.stream().filter(file -> !here.contains(file.path())).toList();
  }

  private void compare(Wanted file, Set<RelativePath> here) throws IOException {
    String sha256 = Digests.sha256(file.target());
    Manifest.Entry proof = file.proof();
    if (proof != null && !proof.sha256().equals(sha256)) {
      return;
    }
    if (proof != null) {
      ExecutableBit.set(file.target(), proof.executable());
    }
    got(file, sha256);
    here.add(file.path());
  }

  /** A file is here. */
  void got(Wanted file, String sha256) {
    got.put(
        file.path(), new Manifest.Entry(file.path(), file.size(), sha256, file.executable(), null));
  }

  private static void move(Path part, Path target) throws IOException {
    try {
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static void remove(Path staging) throws IOException {
    try (Stream<Path> parts = Files.list(staging)) {
      for (Path part : (Iterable<Path>) parts::iterator) {
        Files.deleteIfExists(part);
      }
    }
    Files.deleteIfExists(staging);
  }

  /** How many files were missing. */
  int moved() {
    return moved;
  }

  /** The files that are present now. */
  Manifest manifest() {
    return new Manifest(got.values());
  }
}
