package dev.sheave.storage.transfer;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.storage.internal.ExecutableBit;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One get in the plain layout: list and read the manifest; fetch what isn't here yet into a folder
 * beside it, proving each file; when all are there, move them to their places.
 */
final class PlainGet {
  private static final long FIRST_WAIT_MILLIS = 100;
  private static final long LONGEST_WAIT_MILLIS = 2_000;
  private static final int HASHING_THREADS = 4;

  private final long start = System.nanoTime();
  private final ObjectStore store;
  private final RelativePath from;
  private final Path directory;
  private final TransferOptions options;

  private final AtomicLong bytes = new AtomicLong();
  private final Map<RelativePath, Manifest.Entry> got = new ConcurrentHashMap<>();
  private int moved;

  /**
   * A file to get.
   *
   * @param target where it goes
   * @param proof what it must be; null if another tool put it
   */
  private record Wanted(
      RelativePath path,
      Path target,
      long size,
      boolean executable,
      Manifest.@Nullable Entry proof) {}

  /** A file isn't what the manifest says, or isn't there: someone puts to the place right now. */
  private static final class ChangedMeanwhile extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ChangedMeanwhile(String message) {
      super(message, null, false, false);
    }
  }

  PlainGet(ObjectStore store, RelativePath from, Path directory, TransferOptions options) {
    this.store = store;
    this.from = from;
    this.directory = directory.toAbsolutePath().normalize();
    this.options = options;
  }

  TransferSummary run() {
    long deadline = start + options.patience().toNanos();
    long wait = FIRST_WAIT_MILLIS;
    Listing before = null;
    while (true) {
      Listing listing = Listing.of(store, from);
      Optional<SheaveException> torn = attempt(listing);
      if (torn.isEmpty()) {
        return summary();
      }
      // with no put under way, what is the same and wrong twice stays wrong
      boolean hopeless = before != null && listing.markers().isEmpty() && listing.isSameAs(before);
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (hopeless || left <= 0) {
        throw torn.get();
      }
      before = listing;
      pause(Math.min(wait, left));
      wait = Math.min(2 * wait, LONGEST_WAIT_MILLIS);
    }
  }

  /** A store tells nobody when something changes in it: all one can do is look again. */
  private static void pause(long millis) {
    try {
      TimeUnit.MILLISECONDS.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SheaveException(Code.INTERRUPTED, "The transfer was interrupted.", e);
    }
  }

  /** Returns empty if all is here, else why it can't be had now. */
  private Optional<SheaveException> attempt(Listing listing) {
    if (listing.isEmpty()) {
      throw new SheaveException(Code.NOT_FOUND, "There is nothing at '" + location() + "'.");
    }
    Optional<Manifest> manifest = listing.readManifest();
    long differing =
        manifest.stream()
            .flatMap(known -> known.entries().values().stream())
            .filter(entry -> !listing.shows(entry))
            .count();
    boolean whole = manifest.isPresent() && differing == 0;
    if (!whole && !listing.markers().isEmpty()) {
      return Optional.of(
          new SheaveException(
              Code.CONFLICT,
              "An upload to '"
                  + location()
                  + "' is under way or died: wait for it, or upload again."));
    }
    if (manifest.isPresent() && !whole) {
      options
          .listener()
          .remark(
              "What is at '"
                  + location()
                  + "' was changed by another tool since its last upload ("
                  + differing
                  + " of "
                  + manifest.get().entries().size()
                  + " files): it is taken as it is.");
    }
    try {
      fetchAll(whole ? wanted(manifest.get()) : wanted(listing));
      return Optional.empty();
    } catch (ChangedMeanwhile e) {
      return Optional.of(new SheaveException(Code.CONFLICT, e.getMessage() + ": upload again.", e));
    } catch (FileSystemException e) {
      String file = e.getFile() == null ? directory.toString() : e.getFile();
      throw new SheaveException(
          Code.INTERNAL, "'" + file + "' can't be written: " + reason(e) + ".", e);
    } catch (IOException e) {
      throw new SheaveException(
          Code.UNAVAILABLE,
          "'" + location() + "' could not be fetched: " + e.getMessage() + ".",
          e);
    }
  }

  private static String reason(FileSystemException e) {
    return e.getReason() == null ? e.getClass().getSimpleName() : e.getReason();
  }

  private List<Wanted> wanted(Manifest manifest) {
    List<Wanted> wanted = new ArrayList<>();
    for (Manifest.Entry entry : manifest.entries().values()) {
      wanted.add(
          new Wanted(
              entry.path(), entry.path().in(directory), entry.size(), entry.executable(), entry));
    }
    return wanted;
  }

  /** All that is there; each name is proven to be a path before anything is written. */
  private List<Wanted> wanted(Listing listing) {
    Optional<Path> origin = store.directory(from);
    IgnoreRules rules = origin.map(IgnoreRules::in).orElse(IgnoreRules.NONE);
    SortedMap<RelativePath, Wanted> wanted = new TreeMap<>();
    listing
        .objects()
        .forEach(
            (name, object) -> {
              RelativePath path = parse(name);
              if (origin.isEmpty() || !rules.ignoresFile(path)) {
                Path target = path.in(directory);
                wanted.put(
                    path, new Wanted(path, target, object.size(), object.executable(), null));
              }
            });
    return List.copyOf(wanted.values());
  }

  private RelativePath parse(String name) {
    try {
      return RelativePath.parse(name);
    } catch (SheaveException e) {
      throw new SheaveException(
          e.code(), "What is at '" + location() + "' can't be fetched: " + e.getMessage(), e);
    }
  }

  private void fetchAll(Collection<Wanted> wanted) throws IOException {
    got.clear();
    List<RelativePath> paths = wanted.stream().map(Wanted::path).toList();
    PathConflicts.check(paths);
    Files.createDirectories(directory);
    PathConflicts.checkTwins(paths, directory);
    checkRoom(wanted);
    List<Wanted> missing = missing(wanted);
    options.listener().planned(missing.size(), missing.stream().mapToLong(Wanted::size).sum());
    moved = missing.size();
    if (missing.isEmpty()) {
      return;
    }
    Path staging = directory.resolve(ReservedNames.PART_PREFIX + UUID.randomUUID());
    Files.createDirectory(staging);
    try {
      List<Lanes.Task> tasks = new ArrayList<>();
      for (int i = 0; i < missing.size(); i++) {
        Wanted file = missing.get(i);
        Path part = staging.resolve(Integer.toString(i));
        tasks.add(new Lanes.Task(file.size(), () -> fetch(file, part)));
      }
      Lanes.run(tasks, options.concurrency());
      for (int i = 0; i < missing.size(); i++) {
        Path target = missing.get(i).target();
        Files.createDirectories(target.getParent());
        move(staging.resolve(Integer.toString(i)), target);
      }
    } finally {
      remove(staging);
    }
  }

  /**
   * A folder in the place of a file, or a file in the place of a folder, is found before all else.
   */
  private void checkRoom(Collection<Wanted> wanted) {
    Set<Path> folders = new HashSet<>();
    for (Wanted file : wanted) {
      if (Files.isDirectory(file.target(), LinkOption.NOFOLLOW_LINKS)) {
        throw new SheaveException(
            Code.INVALID,
            "'" + file.target() + "' is a directory, and a file is to go there: move it.");
      }
      for (Path folder = file.target().getParent();
          folder != null && !folder.equals(directory) && folders.add(folder);
          folder = folder.getParent()) {
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
          throw new SheaveException(
              Code.INVALID, "'" + folder + "' is a file, and a directory is to go there: move it.");
        }
      }
    }
  }

  /** What isn't here yet, going by sizes and digests. */
  private List<Wanted> missing(Collection<Wanted> wanted) throws IOException {
    boolean inPlace =
        store.directory(from).filter(origin -> isSameDirectory(origin, directory)).isPresent();
    Queue<Wanted> missing = new ConcurrentLinkedQueue<>();
    List<Lanes.Task> tasks = new ArrayList<>();
    for (Wanted file : wanted) {
      Path target = file.target();
      Manifest.Entry proof = file.proof();
      boolean comparable =
          Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS)
              && (inPlace || (proof != null && Files.size(target) == proof.size()));
      if (comparable) {
        tasks.add(new Lanes.Task(file.size(), () -> compare(file, missing)));
      } else {
        missing.add(file);
      }
    }
    Lanes.run(tasks, HASHING_THREADS);
    return List.copyOf(missing);
  }

  private void compare(Wanted file, Collection<Wanted> missing) throws IOException {
    String sha256 = Digests.sha256(file.target());
    Manifest.Entry proof = file.proof();
    if (proof != null && !proof.sha256().equals(sha256)) {
      missing.add(file);
      return;
    }
    if (proof != null) {
      ExecutableBit.set(file.target(), proof.executable());
    }
    got(file, sha256);
  }

  private void fetch(Wanted file, Path part) throws IOException {
    RelativePath key = from.resolve(file.path());
    MessageDigest digest = Digests.sha256();
    try (InputStream in = store.get(key);
        OutputStream out = Files.newOutputStream(part)) {
      byte[] buffer = new byte[Digests.BUFFER_BYTES];
      long size = 0;
      for (int n = read(in, buffer, key); n >= 0; n = read(in, buffer, key)) {
        size += n;
        if (file.proof() != null && size > file.proof().size()) {
          throw changed(key);
        }
        out.write(buffer, 0, n);
        digest.update(buffer, 0, n);
        bytes.addAndGet(n);
        options.listener().moved(file.path(), n);
      }
    } catch (SheaveException e) {
      if (e.code() == Code.NOT_FOUND && file.proof() != null) {
        throw changed(key);
      }
      throw e;
    }
    String sha256 = Digests.hex(digest);
    if (file.proof() != null && !file.proof().sha256().equals(sha256)) {
      throw changed(key);
    }
    ExecutableBit.set(part, file.executable());
    got(file, sha256);
    options.listener().finished(file.path());
  }

  private ChangedMeanwhile changed(RelativePath key) {
    return new ChangedMeanwhile(
        "'" + store.location() + "/" + key + "' is not what was uploaded, going by its SHA-256");
  }

  /** Keeps an error of the store apart from one of the disk. */
  private int read(InputStream in, byte[] buffer, RelativePath key) {
    try {
      return in.read(buffer);
    } catch (IOException e) {
      if (Thread.currentThread().isInterrupted()) {
        throw new SheaveException(Code.INTERRUPTED, "The transfer was interrupted.", e);
      }
      throw new SheaveException(
          Code.UNAVAILABLE,
          "'"
              + store.location()
              + "/"
              + key
              + "' could not be read to its end: "
              + e.getMessage()
              + ".",
          e);
    }
  }

  private void got(Wanted file, String sha256) {
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

  private static boolean isSameDirectory(Path one, Path other) {
    try {
      return Files.isSameFile(one, other);
    } catch (IOException e) {
      return false;
    }
  }

  private String location() {
    return from.isRoot() ? store.location() : store.location() + "/" + from;
  }

  private TransferSummary summary() {
    return new TransferSummary(
        got.size(),
        moved,
        got.size() - moved,
        0,
        bytes.get(),
        new Manifest(got.values()).digest(),
        Duration.ofNanos(System.nanoTime() - start));
  }
}
