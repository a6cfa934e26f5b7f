package dev.sheave.storage.transfer;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.internal.Digests;
import dev.sheave.storage.transfer.ObjectSource.StoredObject;
import dev.sheave.storage.transfer.ObjectStore.Condition;
import dev.sheave.storage.transfer.ObjectStore.Content;
import dev.sheave.storage.transfer.Source.LocalFile;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.ArrayList;
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
 * A put in the plain layout. Its steps: find the changed files, write the marker, remove what is in
 * the way of them, upload them, remove stale ones, check the place again, write the manifest, and
 * remove the marker.
 *
 * <p>The second check detects puts that ran at the same time: if a file isn't what this put wrote
 * or relied on, the marker stays, so that no get returns the mixture, and this put is {@link
 * Overtaken}. Every put has its own marker, another one when it is made again, and leaves those of
 * other puts alone until they are old, so this holds in any order of events.
 *
 * <p>If the store returned the version of each uploaded file, the reserved names are checked first.
 * A put that wrote after this one's first check has left its marker there or, if it is done, its
 * own manifest. If there is neither, no put ran in between; a put that begins now finds this one's
 * marker or manifest, and does the full check itself. If the store supports conditions, the
 * manifest only replaces the one that was checked. In another store, a put is overtaken if there is
 * a new trace of another one, whatever its files are; and the files are checked once more when the
 * manifest is written, since a put that came and went after the second check left no trace.
 */
final class PlainPut {
  private final ObjectStore store;
  private final RelativePath to;
  private final TransferOptions options;
  private final Source source;
  private final StoreNames names;
  private final boolean keepsExecutable;

  private final Map<RelativePath, Manifest.Entry> entries = new ConcurrentHashMap<>();
  private final Queue<LocalFile> changed = new ConcurrentLinkedQueue<>();
  private final AtomicLong bytes = new AtomicLong();
  private final Set<RelativePath> ownMarkers;
  private @Nullable List<Manifest> replaced;

  /** Another put or tool wrote to the place; the put may succeed if it is made again. */
  static final class Overtaken extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final SheaveException error;

    Overtaken(SheaveException error) {
      super(error.getMessage(), error, false, false);
      this.error = error;
    }

    /** What a person is told if it isn't made again. */
    SheaveException error() {
      return error;
    }
  }

  /**
   * A put.
   *
   * @param ownMarkers those of the put's earlier attempts; the one of this attempt is added
   */
  PlainPut(
      ObjectStore store,
      StoreNames names,
      Source source,
      RelativePath to,
      TransferOptions options,
      Set<RelativePath> ownMarkers) {
    this.ownMarkers = ownMarkers;
    this.store = store;
    this.names = names;
    this.to = to;
    this.options = options;
    this.source = source;
    this.keepsExecutable = store.features().contains(ObjectStore.Feature.EXECUTABLE_BIT);
  }

  /**
   * Puts.
   *
   * @param earlier the existing manifest
   * @throws Overtaken if another put wrote to the place at the same time
   */
  Put.Done run(Listing listing, Optional<Manifest> earlier) {
    Manifest old = earlier.orElseGet(() -> new Manifest(List.of()));
    findChanged(listing, old);
    checkNames();
    Set<RelativePath> ours = stale(listing, old);
    Set<RelativePath> obstacles = obstacles(listing, ours);
    List<RelativePath> stale =
        options.prune()
            ? ours.stream().filter(path -> !obstacles.contains(path)).toList()
            : List.of();
    // one that is made again has written something: its markers go once there is its own manifest
    if (ownMarkers.isEmpty()
        && changed.isEmpty()
        && stale.isEmpty()
        && earlier.isPresent()
        && isSame(old)) {
      options.listener().planned(0, 0);
      return done(0, old);
    }
    Manifest written = write(listing, earlier, obstacles, stale);
    return done(obstacles.size() + stale.size(), written);
  }

  /** Refuses the names that the store can't have, all at once. */
  private void checkNames() {
    SortedMap<RelativePath, String> refused = new TreeMap<>();
    for (LocalFile file : changed) {
      store
          .refusalOf(to.resolve(file.path()))
          .ifPresent(reason -> refused.put(file.path(), reason));
    }
    if (!refused.isEmpty()) {
      throw new SheaveException(
          Code.INVALID,
          "'"
              + location()
              + "' can't have files with these names: "
              + Names.explained(refused)
              + ": rename them.");
    }
  }

  /**
   * What has to go before the changed files can be written.
   *
   * @param stale the files of earlier puts that aren't part of this tree
   */
  private Set<RelativePath> obstacles(Listing listing, Set<RelativePath> stale) {
    List<RelativePath> written = changed.stream().map(LocalFile::path).toList();
    if (!written.isEmpty()) {
      try {
        PathConflicts.checkTwins(source.files().keySet(), location(), () -> names.folding(to));
      } catch (IOException e) {
        throw Source.unreadable(e);
      }
    }
    return Obstacles.of(
        listing,
        names,
        to,
        written,
        source.files().keySet(),
        path ->
            stale.contains(path)
                || replaced(listing).stream()
                    .flatMap(manifest -> manifest.entry(path).stream())
                    .anyMatch(listing::has));
  }

  /** The manifests of plain trees that a bundle replaced, and that are still there; read once. */
  private List<Manifest> replaced(Listing listing) {
    List<Manifest> read = replaced;
    if (read == null) {
      read =
          listing.retirable().keySet().stream()
              .filter(name -> !ReservedNames.isBundle(name.toString()))
              .flatMap(name -> listing.readReplaced(name).stream())
              .toList();
      replaced = read;
    }
    return read;
  }

  private String location() {
    return Get.location(store, to);
  }

  /**
   * Hashes the files that may be unchanged: those that the manifest lists with the same size and
   * the listing confirms.
   */
  private void findChanged(Listing listing, Manifest old) {
    List<AdaptiveExecutor.Task> tasks = new ArrayList<>();
    for (LocalFile local : source.look()) {
      Optional<Manifest.Entry> known =
          old.entry(local.path())
              .filter(entry -> entry.size() == local.size() && listing.shows(entry))
              .filter(entry -> !keepsExecutable || entry.executable() == local.executable());
      if (known.isEmpty()) {
        changed.add(local);
      } else {
        tasks.add(new AdaptiveExecutor.Task(local.size(), () -> compare(local, known.get())));
      }
    }
    Source.compare(tasks);
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
   * The stale files: listed by an earlier manifest or by the marker of a dead put, not part of this
   * tree, and not written by anyone else since.
   */
  private Set<RelativePath> stale(Listing listing, Manifest old) {
    Set<RelativePath> stale = new HashSet<>();
    for (Manifest.Entry entry : old.entries().values()) {
      if (!source.files().containsKey(entry.path()) && listing.has(entry)) {
        stale.add(entry.path());
      }
    }
    if (!listing.markers().isEmpty()) {
      stale.addAll(Marker.leftovers(listing, listing.markers(), source.files().keySet()));
    }
    return stale;
  }

  private Manifest write(
      Listing before,
      Optional<Manifest> old,
      Set<RelativePath> obstacles,
      List<RelativePath> stale) {
    options.listener().planned(changed.size(), changed.stream().mapToLong(LocalFile::size).sum());
    Marker marker = Marker.create(changed.stream().map(LocalFile::path).toList());
    ownMarkers.add(marker.path());
    put(marker.path(), marker.toJson());
    if (!obstacles.isEmpty()) {
      store.delete(obstacles.stream().map(to::resolve).toList());
    }
    Source.run(
        changed.stream()
            .map(file -> new AdaptiveExecutor.Task(file.size(), () -> upload(file)))
            .toList(),
        options.concurrency());
    if (!stale.isEmpty()) {
      store.delete(stale.stream().map(to::resolve).toList());
    }
    Listing after = secondLook(before);
    Optional<StoredObject> own = Optional.ofNullable(after.markers().get(marker.path()));
    ObsoleteObjects obsolete =
        ObsoleteObjects.of(
            old, after, ObsoleteObjects.now(own), path -> source.files().containsKey(path));
    Manifest manifest = new Manifest(entries.values()).withRetired(obsolete.kept());
    putManifest(manifest.toJson(marker.id()), after);
    if (!isConditional()) {
      prove(Listing.of(store, to), true);
    }
    Set<RelativePath> superfluous = new HashSet<>(ownMarkers);
    superfluous.addAll(obsolete.removed());
    superfluous.addAll(Marker.dead(before, own.map(StoredObject::modified)).keySet());
    store.delete(superfluous.stream().map(to::resolve).toList());
    return manifest;
  }

  private void upload(LocalFile local) throws IOException {
    FileContent content =
        FileContent.digested(local, n -> options.listener().moved(local.path(), n));
    Instant modified = Files.getLastModifiedTime(local.file()).toInstant();
    Optional<String> version = store.put(to.resolve(local.path()), content, Condition.NONE);
    entries.put(local.path(), local.entry(content.sha256(), version.orElse(null)));
    if (Files.size(local.file()) != local.size()
        || !Files.getLastModifiedTime(local.file()).toInstant().equals(modified)) {
      throw Source.changed(local.file());
    }
    bytes.addAndGet(local.size());
    options.listener().finished(local.path());
  }

  private Listing secondLook(Listing before) {
    if (entries.values().stream().allMatch(entry -> entry.version() != null)) {
      Listing reserved = Listing.ofReserved(store, to);
      if (ownMarkers.containsAll(reserved.markers().keySet())
          && reserved.hasManifestOf(before)
          && reserved.retirable().isEmpty()) {
        return reserved;
      }
    }
    Listing after = Listing.of(store, to);
    Set<RelativePath> others = new HashSet<>(after.markers().keySet());
    others.removeAll(ownMarkers);
    boolean isReplaced = !after.hasManifestOf(before);
    prove(after, isReplaced || !others.isEmpty());
    others.removeAll(before.markers().keySet());
    if ((isReplaced || !others.isEmpty()) && !isConditional()) {
      // the other may still write what was just checked
      throw mixture("'" + ReservedNames.MANIFEST + "'", null);
    }
    return after;
  }

  /**
   * Adds the versions that only the listing shows, and throws if a file isn't the one that this put
   * left.
   *
   * @param othersPut whether there is a trace of another put
   */
  private void prove(Listing after, boolean othersPut) {
    NameFolding folding = NameFolding.NONE;
    if (!entries.values().stream().allMatch(after::has)) {
      // a folder may have kept the name that it had before, which is the same to the store
      folding = names.folding(to);
    }
    List<RelativePath> mixed = new ArrayList<>();
    List<RelativePath> missing = new ArrayList<>();
    for (Manifest.Entry entry : entries.values()) {
      if (!after.has(entry, folding)) {
        mixed.add(entry.path());
        if (after.object(entry.path(), folding).isEmpty()) {
          missing.add(entry.path());
        }
      }
    }
    if (!missing.isEmpty()) {
      SheaveException error =
          new SheaveException(
              Code.CONFLICT,
              "The server doesn't list what was uploaded to '"
                  + location()
                  + "' ("
                  + Names.some(missing)
                  + "): if nobody else removed it, the server can't keep such a name; rename it, and"
                  + " upload again.");
      if (othersPut) {
        throw new Overtaken(error);
      }
      throw error;
    }
    if (!mixed.isEmpty()) {
      throw mixture(Names.some(mixed), null);
    }
    NameFolding found = folding;
    entries.replaceAll(
        (path, entry) ->
            entry.withVersion(after.object(path, found).map(StoredObject::version).orElse(null)));
  }

  private Overtaken mixture(String what, @Nullable SheaveException cause) {
    return new Overtaken(
        new SheaveException(
            Code.CONFLICT,
            "Another upload or tool wrote to '"
                + location()
                + "' at the same time ("
                + what
                + "): the mixture can't be downloaded; upload again.",
            cause));
  }

  private void putManifest(byte[] json, Listing after) {
    Condition condition = Condition.NONE;
    if (isConditional()) {
      condition =
          after.hasManifest()
              ? after.manifestVersion().map(Condition::version).orElse(Condition.NONE)
              : Condition.ABSENT;
    }
    try {
      store.put(to.resolve(ReservedNames.MANIFEST), Content.of(json), condition);
    } catch (SheaveException e) {
      if (e.code() != Code.CONFLICT) {
        throw e;
      }
      // a client that tried again after a lost answer finds what it wrote itself
      if (!Listing.isManifest(store, to, json)) {
        throw mixture("'" + ReservedNames.MANIFEST + "'", e);
      }
    }
  }

  private boolean isConditional() {
    return store.features().contains(ObjectStore.Feature.CONDITIONAL_PUT);
  }

  private void put(RelativePath name, byte[] json) {
    store.put(to.resolve(name), Content.of(json), Condition.NONE);
  }

  private Put.Done done(int removed, Manifest manifest) {
    return new Put.Done(
        source.files().size(), changed.size(), removed, bytes.get(), manifest.digest());
  }
}
