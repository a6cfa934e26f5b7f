package dev.sheave.storage.transfer;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.storage.internal.ExecutableBit;
import dev.sheave.storage.transfer.ObjectStore.Condition;
import dev.sheave.storage.transfer.ObjectStore.Content;
import dev.sheave.storage.transfer.ObjectStore.StoredObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
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
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One put in the plain layout: list and read the manifest; find what changed; then marker, files,
 * removal of stale ones, a second look, manifest, and the marker goes.
 *
 * <p>The second look is for puts that ran at the same time: if a file isn't what this put wrote or
 * trusted, the marker stays, so that no get hands out the mixture, and this put says so. Since
 * every put has a marker of its own and leaves others' alone until they are old, that holds whoever
 * comes first.
 */
final class PlainPut {
  /** A put that began longer ago than this is dead: its marker may go. */
  static final Duration DEAD_AFTER = Duration.ofHours(1);

  private static final int FILES_IN_AN_ERROR = 3;
  private static final int HASHING_THREADS = 4;

  private final long start = System.nanoTime();
  private final ObjectStore store;
  private final RelativePath to;
  private final TransferOptions options;
  private final FileTree tree;
  private final SortedMap<RelativePath, Path> files;
  private final boolean keepsExecutable;

  private final Map<RelativePath, Manifest.Entry> entries = new ConcurrentHashMap<>();
  private final Queue<LocalFile> changed = new ConcurrentLinkedQueue<>();
  private final AtomicLong bytes = new AtomicLong();

  private record LocalFile(RelativePath path, Path file, long size, boolean executable) {}

  PlainPut(ObjectStore store, FileTree tree, RelativePath to, TransferOptions options) {
    this.store = store;
    this.to = to;
    this.options = options;
    this.tree = tree;
    this.files = new TreeMap<>(tree.files());
    this.keepsExecutable = store.features().contains(ObjectStore.Feature.EXECUTABLE_BIT);
  }

  TransferSummary run() {
    Optional<Path> directory = store.directory(to);
    if (directory.isPresent() && isIn(directory.get())) {
      return leaveAlone();
    }
    directory.ifPresent(this::leaveOutStore);
    store.directory(RelativePath.ROOT).ifPresent(this::leaveOutStore);
    PathConflicts.check(files.keySet());
    if (files.isEmpty() && tree.ignored() > 0) {
      options
          .listener()
          .remark(
              "Everything is ignored: nothing is uploaded, and what is at '"
                  + location()
                  + "' stays.");
      return summary(0, new Manifest(List.of()));
    }
    Listing listing = Listing.of(store, to);
    Optional<Manifest> earlier = listing.readManifest();
    Manifest old = earlier.orElseGet(() -> new Manifest(List.of()));
    findChanged(listing, old);
    List<RelativePath> stale = options.prune() ? stale(listing, old) : List.of();
    if (changed.isEmpty() && stale.isEmpty() && earlier.isPresent() && isSame(old)) {
      options.listener().planned(0, 0);
      return summary(0, old);
    }
    return summary(stale.size(), write(listing, stale));
  }

  /** Whether each file is the very one that it would be put over. */
  private boolean isIn(Path directory) {
    return !files.isEmpty()
        && files.entrySet().stream()
            .allMatch(file -> isSameFile(file.getValue(), file.getKey().in(directory)));
  }

  private TransferSummary leaveAlone() {
    try {
      for (Map.Entry<RelativePath, Path> file : files.entrySet()) {
        LocalFile local = look(file.getKey(), file.getValue());
        entries.put(local.path(), entry(local, Digests.sha256(local.file()), null));
      }
    } catch (IOException e) {
      throw unreadable(e);
    }
    return summary(0, new Manifest(entries.values()));
  }

  /**
   * A store that lies in the directory that is put is no part of the tree: it would take in itself.
   */
  private void leaveOutStore(Path directory) {
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

  private static boolean isSameFile(Path one, Path other) {
    try {
      return Files.exists(other) && Files.isSameFile(one, other);
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Hashes what may be unchanged: what the manifest lists with this size, and the listing proves.
   */
  private void findChanged(Listing listing, Manifest old) {
    List<Lanes.Task> tasks = new ArrayList<>();
    for (Map.Entry<RelativePath, Path> file : files.entrySet()) {
      LocalFile local = look(file.getKey(), file.getValue());
      Optional<Manifest.Entry> known =
          old.entry(local.path())
              .filter(entry -> entry.size() == local.size() && listing.shows(entry))
              .filter(entry -> !keepsExecutable || entry.executable() == local.executable());
      if (known.isEmpty()) {
        changed.add(local);
      } else {
        tasks.add(new Lanes.Task(local.size(), () -> compare(local, known.get())));
      }
    }
    run(tasks, HASHING_THREADS);
  }

  private void compare(LocalFile local, Manifest.Entry known) throws IOException {
    if (Digests.sha256(local.file()).equals(known.sha256())) {
      entries.put(local.path(), known.withExecutable(local.executable()));
    } else {
      changed.add(local);
    }
  }

  private boolean isSame(Manifest old) {
    return new Manifest(entries.values()).equals(old);
  }

  /**
   * What this tree doesn't have and a manifest of ours lists, or the marker of a put that died; as
   * long as nobody else wrote it since.
   */
  private List<RelativePath> stale(Listing listing, Manifest old) {
    Set<RelativePath> stale = new HashSet<>();
    for (Manifest.Entry entry : old.entries().values()) {
      if (!files.containsKey(entry.path()) && listing.has(entry)) {
        stale.add(entry.path());
      }
    }
    if (!listing.markers().isEmpty()) {
      for (RelativePath path : listing.readMarkedFiles()) {
        if (!files.containsKey(path) && isSinceAMarker(listing, path)) {
          stale.add(path);
        }
      }
    }
    return List.copyOf(stale);
  }

  private static boolean isSinceAMarker(Listing listing, RelativePath path) {
    Optional<StoredObject> object = listing.object(path);
    return object.isPresent()
        && listing.markers().values().stream()
            .anyMatch(marker -> !Listing.isAfter(marker.modified(), object.get().modified()));
  }

  private Manifest write(Listing before, List<RelativePath> stale) {
    options.listener().planned(changed.size(), changed.stream().mapToLong(LocalFile::size).sum());
    Marker marker = Marker.create(changed.stream().map(LocalFile::path).toList());
    put(marker.path(), marker.toJson());
    run(
        changed.stream().map(file -> new Lanes.Task(file.size(), () -> upload(file))).toList(),
        options.concurrency());
    if (!stale.isEmpty()) {
      store.delete(stale.stream().map(to::resolve).toList());
    }
    Listing after = Listing.of(store, to);
    Manifest manifest = prove(after);
    put(ReservedNames.MANIFEST, manifest.toJson());
    store.delete(deadMarkers(before, after, marker).stream().map(to::resolve).toList());
    return manifest;
  }

  private void upload(LocalFile local) throws IOException {
    FileContent content =
        new FileContent(
            local.file(),
            local.size(),
            local.executable(),
            n -> options.listener().moved(local.path(), n));
    Instant modified = Files.getLastModifiedTime(local.file()).toInstant();
    Optional<String> version = store.put(to.resolve(local.path()), content, Condition.NONE);
    entries.put(local.path(), entry(local, content.sha256(), version.orElse(null)));
    if (Files.size(local.file()) != local.size()
        || !Files.getLastModifiedTime(local.file()).toInstant().equals(modified)) {
      throw content.changed();
    }
    bytes.addAndGet(local.size());
    options.listener().finished(local.path());
  }

  /**
   * Takes versions that the store told only now, and refuses if a file isn't what this put left.
   */
  private Manifest prove(Listing after) {
    List<Manifest.Entry> proven = new ArrayList<>();
    List<RelativePath> mixed = new ArrayList<>();
    for (Manifest.Entry entry : entries.values()) {
      if (after.has(entry)) {
        String version = after.object(entry.path()).map(StoredObject::version).orElse(null);
        proven.add(entry.version() == null ? entry.withVersion(version) : entry);
      } else {
        mixed.add(entry.path());
      }
    }
    if (!mixed.isEmpty()) {
      mixed.sort(null);
      throw new SheaveException(
          Code.CONFLICT,
          "Something else wrote to '"
              + location()
              + "' at the same time ("
              + named(mixed)
              + "): nobody gets the mixture; upload again.");
    }
    return new Manifest(proven);
  }

  private static String named(List<RelativePath> paths) {
    String some =
        String.join(
            ", ", paths.stream().limit(FILES_IN_AN_ERROR).map(path -> "'" + path + "'").toList());
    return paths.size() > FILES_IN_AN_ERROR ? some + " and others" : some;
  }

  /** Its own, and those of puts that began so long before it that they can't be under way. */
  private static Collection<RelativePath> deadMarkers(
      Listing before, Listing after, Marker marker) {
    Set<RelativePath> dead = new HashSet<>(Set.of(marker.path()));
    StoredObject own = after.markers().get(marker.path());
    Instant now = own == null ? null : own.modified();
    before
        .markers()
        .forEach(
            (path, object) -> {
              Instant began = object.modified();
              if (now == null || began == null || began.plus(DEAD_AFTER).isBefore(now)) {
                dead.add(path);
              }
            });
    return dead;
  }

  private void put(RelativePath name, byte[] json) {
    store.put(to.resolve(name), Content.of(json), Condition.NONE);
  }

  private LocalFile look(RelativePath path, Path file) {
    try {
      return new LocalFile(path, file, Files.size(file), ExecutableBit.of(file));
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private static Manifest.Entry entry(LocalFile local, String sha256, @Nullable String version) {
    return new Manifest.Entry(local.path(), local.size(), sha256, local.executable(), version);
  }

  private void run(Collection<Lanes.Task> tasks, int concurrency) {
    try {
      Lanes.run(tasks, concurrency);
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private static SheaveException unreadable(IOException e) {
    if (e instanceof NoSuchFileException missing) {
      return new SheaveException(
          Code.INVALID, "'" + missing.getFile() + "' went while it was uploaded: upload again.", e);
    }
    return new SheaveException(
        Code.INVALID, "A file can't be read for its upload: " + e.getMessage() + ".", e);
  }

  private String location() {
    return to.isRoot() ? store.location() : store.location() + "/" + to;
  }

  private TransferSummary summary(int removed, Manifest manifest) {
    return new TransferSummary(
        files.size(),
        changed.size(),
        files.size() - changed.size(),
        removed,
        bytes.get(),
        manifest.digest(),
        Duration.ofNanos(System.nanoTime() - start));
  }
}
