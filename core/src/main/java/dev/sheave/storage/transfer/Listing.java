package dev.sheave.storage.transfer;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.storage.internal.BrokenRead;
import dev.sheave.storage.net.Bounds;
import dev.sheave.storage.transfer.ObjectSource.StoredObject;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A snapshot of the objects that a store has at the place of a transfer. */
final class Listing {
  /** How far the clocks of a store's machines may be apart. */
  private static final Duration CLOCK_TOLERANCE = Duration.ofSeconds(2);

  private final ObjectSource store;
  private final RelativePath place;

  /** By their names as seen from the place; they may be hostile. */
  private final Map<String, StoredObject> objects = new HashMap<>();

  private final Map<RelativePath, StoredObject> markers = new HashMap<>();
  private final Map<RelativePath, StoredObject> retirable = new HashMap<>();
  private @Nullable StoredObject manifestObject;
  private @Nullable String bundleBelow;
  private @Nullable String unfinishedDownload;

  /** The names by what they are folded to; see {@link #object(RelativePath, NameFolding)}. */
  private final Map<NameFolding, Map<String, String>> folded = new HashMap<>();

  private Listing(ObjectSource store, RelativePath place) {
    this.store = store;
    this.place = place;
  }

  /** Lists: as many requests as there are pages. */
  static Listing of(ObjectSource store, RelativePath place) {
    return of(store, place, "");
  }

  /** Lists only the names that transfers keep for themselves: mostly one request. */
  static Listing ofReserved(ObjectSource store, RelativePath place) {
    return of(store, place, ReservedNames.PREFIX);
  }

  private static Listing of(ObjectSource store, RelativePath place, String start) {
    Listing listing = new Listing(store, place);
    list(store, place, start, listing::add);
    return listing;
  }

  /** Lists as the store does, but not for ever. */
  static void list(
      ObjectSource store, RelativePath place, String start, Consumer<StoredObject> sink) {
    Bounds.Entries entries = Bounds.entries(Get.location(store, place));
    store.list(
        place,
        start,
        object -> {
          entries.add(object.name());
          sink.accept(object);
        });
  }

  private void add(StoredObject object) {
    String name = object.name();
    if (!place.isRoot()) {
      if (!name.startsWith(place + "/")) {
        throw new SheaveException(
            Code.INTERNAL,
            "'" + store.location() + "' returned '" + name + "' when asked for '" + place + "'.");
      }
      name = name.substring(place.toString().length() + 1);
    }
    if (name.equals(ReservedNames.MANIFEST.toString())) {
      manifestObject = object;
    } else if (ReservedNames.isMarker(name)) {
      markers.put(RelativePath.parse(name), object);
    } else if (ReservedNames.isRetirable(name)) {
      retirable.put(RelativePath.parse(name), object);
    } else if (name.contains("/" + ReservedNames.BUNDLE_PREFIX)) {
      bundleBelow = name.substring(0, name.indexOf("/" + ReservedNames.BUNDLE_PREFIX));
    } else if (DownloadMarker.isIn(name)) {
      unfinishedDownload = name;
    } else if (!ReservedNames.isReserved(name) && !FolderMarks.isSlash(name, object)) {
      objects.put(name, object);
    }
  }

  /** The place, as people write it. */
  String location() {
    return Get.location(store, place);
  }

  /** The files, by names that may be hostile. */
  Map<String, StoredObject> objects() {
    return objects;
  }

  Optional<StoredObject> object(RelativePath path) {
    return Optional.ofNullable(objects.get(path.toString()));
  }

  /** The object with a name or, if there is none, with one that is folded to the same. */
  Optional<StoredObject> object(RelativePath path, NameFolding folding) {
    StoredObject object = objects.get(path.toString());
    if (object != null || folding.isNone()) {
      return Optional.ofNullable(object);
    }
    Map<String, String> names = folded.computeIfAbsent(folding, this::foldAll);
    return Optional.ofNullable(names.get(folding.fold(path.toString()))).map(objects::get);
  }

  private Map<String, String> foldAll(NameFolding folding) {
    Map<String, String> names = new HashMap<>();
    objects.keySet().forEach(name -> names.put(folding.fold(name), name));
    return names;
  }

  /** The markers of puts that are in progress or died, relative to the place. */
  Map<RelativePath, StoredObject> markers() {
    return markers;
  }

  /** Bundles, and manifests of plain trees that bundles replaced, relative to the place. */
  Map<RelativePath, StoredObject> retirable() {
    return retirable;
  }

  /** A folder of the place in which there is a bundle, if there is one. */
  Optional<String> bundleBelow() {
    return Optional.ofNullable(bundleBelow);
  }

  /** The marker of a download into the place that was interrupted, if there is one. */
  Optional<String> unfinishedDownload() {
    return Optional.ofNullable(unfinishedDownload);
  }

  /** Whether there is neither a file nor a trace of a put. */
  boolean isEmpty() {
    return objects.isEmpty() && markers.isEmpty() && manifestObject == null;
  }

  /** Whether there is a manifest. */
  boolean hasManifest() {
    return manifestObject != null;
  }

  /**
   * The store's version of the manifest; empty if there is no manifest, or the store has no
   * versions.
   */
  Optional<String> manifestVersion() {
    return Optional.ofNullable(manifestObject).map(StoredObject::version);
  }

  /** Whether no put has written a manifest between the two. */
  boolean hasManifestOf(Listing other) {
    return Objects.equals(manifestObject, other.manifestObject);
  }

  /** Reads the manifest, if there is one; a request. Empty also if it was removed meanwhile. */
  Optional<Manifest> readManifest() {
    return manifestObject == null ? Optional.empty() : readManifest(store, place);
  }

  /** Reads the manifest of a place, if there is one; a request. */
  static Optional<Manifest> readManifest(ObjectSource store, RelativePath place) {
    return read(store, place.resolve(ReservedNames.MANIFEST), Manifest::read);
  }

  /** Returns whether the manifest of a place has these bytes; a request. */
  static boolean isManifest(ObjectSource store, RelativePath place, byte[] json) {
    return read(
            store,
            place.resolve(ReservedNames.MANIFEST),
            (in, location) -> Arrays.equals(in.readNBytes(json.length + 1), json))
        .orElse(false);
  }

  /** Reads the manifest of a plain tree that a bundle replaced, if it is still there. */
  Optional<Manifest> readReplaced(RelativePath path) {
    return read(store, place.resolve(path), Manifest::read);
  }

  /** Reads the files that some of the puts in progress or dead were to write. */
  Set<RelativePath> readMarkedFiles(Collection<RelativePath> some) {
    Set<RelativePath> files = new HashSet<>();
    for (RelativePath marker : some) {
      read(store, place.resolve(marker), (in, location) -> Marker.readFiles(in))
          .ifPresent(files::addAll);
    }
    return files;
  }

  private interface Reader<T> {
    T read(InputStream in, String location) throws IOException;
  }

  private static <T> Optional<T> read(ObjectSource store, RelativePath key, Reader<T> reader) {
    String location = store.location() + "/" + key;
    try (InputStream in = Bounds.stream(store.get(key), location, Bounds.MANIFEST_BYTES)) {
      return Optional.of(reader.read(in, location));
    } catch (SheaveException e) {
      if (e.code() == Code.NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    } catch (IOException e) {
      throw BrokenRead.error(location, e);
    }
  }

  /**
   * Returns whether a file is as the manifest says: of its size and version, and not written after
   * the manifest was. One that another tool wrote again, even with the same content, isn't: what
   * that tool put besides belongs to it.
   */
  boolean shows(Manifest.Entry entry) {
    return shows(entry, NameFolding.NONE);
  }

  /** As {@link #shows(Manifest.Entry)}, of a file whose name may be folded. */
  boolean shows(Manifest.Entry entry, NameFolding folding) {
    return object(entry.path(), folding)
        .filter(object -> isVersionOf(object, entry) && !isWrittenAfterManifest(object))
        .isPresent();
  }

  private boolean isWrittenAfterManifest(StoredObject object) {
    Instant finished = manifestObject == null ? null : manifestObject.modified();
    return finished != null && isAfter(object.modified(), finished.plus(CLOCK_TOLERANCE));
  }

  /**
   * Returns whether the store lost or damaged a file of the manifest: it is missing, or its size is
   * another one although nothing wrote it since.
   */
  boolean isDamaged(Manifest.Entry entry) {
    Instant finished = manifestObject == null ? null : manifestObject.modified();
    return object(entry.path(), NameFolding.WIDEST)
        .filter(object -> object.size() == entry.size() || isAfter(object.modified(), finished))
        .isEmpty();
  }

  /** Returns whether a file has the size and the version of an entry. */
  boolean has(Manifest.Entry entry) {
    return has(entry, NameFolding.NONE);
  }

  /** As {@link #has(Manifest.Entry)}, of a file whose name may be folded. */
  boolean has(Manifest.Entry entry, NameFolding folding) {
    return object(entry.path(), folding).filter(object -> isVersionOf(object, entry)).isPresent();
  }

  static boolean isVersionOf(StoredObject object, Manifest.Entry entry) {
    return object.size() == entry.size()
        && (object.version() == null
            || entry.version() == null
            || object.version().equals(entry.version()));
  }

  static boolean isAfter(@Nullable Instant one, @Nullable Instant other) {
    return one != null && other != null && one.isAfter(other);
  }

  /** Returns whether both found the same, so that nothing happened between them. */
  boolean isSameAs(Listing other) {
    return objects.equals(other.objects)
        && markers.equals(other.markers)
        && Objects.equals(manifestObject, other.manifestObject);
  }
}
