package dev.sheave.storage.transfer;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.internal.OwnedTemporary;
import dev.sheave.storage.transfer.ObjectSource.StoredObject;
import dev.sheave.storage.transfer.ObjectStore.Condition;
import dev.sheave.storage.transfer.ObjectStore.Content;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * A put in the bundle layout: reads the files and, unless the manifest already names this tree,
 * packs them, uploads the archive, and writes the manifest that names it. That single write
 * switches gets from the old tree to the new one, whenever a process dies. Of two simultaneous
 * puts, the later one wins as a whole.
 *
 * <p>Each upload has a unique name, made of its digest and an id, so that a put never removes an
 * archive that another one has just uploaded; see {@link ObsoleteObjects}.
 */
final class BundlePut {
  private final ObjectStore store;
  private final RelativePath to;
  private final TransferOptions options;
  private final Source source;

  BundlePut(ObjectStore store, Source source, RelativePath to, TransferOptions options) {
    this.store = store;
    this.to = to;
    this.options = options;
    this.source = source;
  }

  /**
   * Puts.
   *
   * @param old the existing manifest
   */
  Put.Done run(Listing before, Optional<Manifest> old) {
    Source.Reading reading = source.read();
    Manifest tree = reading.manifest();
    if (old.flatMap(Manifest::bundle).filter(bundle -> isIt(bundle, tree, before)).isPresent()) {
      options.listener().planned(0, 0);
      return new Put.Done(source.files().size(), 0, 0, 0, tree.digest());
    }
    Manifest.Bundle bundle;
    try {
      Path archive = OwnedTemporary.createFile("sheave-bundle-");
      try {
        bundle = upload(archive, reading);
      } finally {
        Files.deleteIfExists(archive);
      }
    } catch (IOException e) {
      throw Source.unreadable(e);
    }
    int removed = name(bundle, before, old);
    return new Put.Done(
        source.files().size(), source.files().size(), removed, bundle.size(), tree.digest());
  }

  private static boolean isIt(Manifest.Bundle bundle, Manifest tree, Listing listing) {
    StoredObject archive = listing.retirable().get(bundle.name());
    return bundle.digest().equals(tree.digest())
        && archive != null
        && archive.size() == bundle.size();
  }

  private Manifest.Bundle upload(Path archive, Source.Reading reading) throws IOException {
    Manifest tree = reading.manifest();
    String sha256 = BundleWriter.write(archive, reading, source.files());
    long size = Files.size(archive);
    RelativePath name =
        RelativePath.parse(
            ReservedNames.BUNDLE_PREFIX
                + sha256
                + "-"
                + UUID.randomUUID()
                + ReservedNames.BUNDLE_SUFFIX);
    options.listener().planned(1, size);
    FileContent content =
        FileContent.undigested(archive, size, n -> options.listener().moved(name, n));
    store.put(to.resolve(name), content, Condition.NONE);
    options.listener().finished(name);
    return new Manifest.Bundle(name, sha256, size, tree.entries().size(), tree.digest());
  }

  /** Writes the manifest, and returns how many obsolete objects were removed. */
  private int name(Manifest.Bundle bundle, Listing before, Optional<Manifest> old) {
    if (old.isPresent() && old.get().bundle().isEmpty()) {
      // what lists the files of the plain tree, so that a later put can remove them
      RelativePath replaced =
          RelativePath.parse(
              ReservedNames.REPLACED_PREFIX + UUID.randomUUID() + ReservedNames.REPLACED_SUFFIX);
      put(replaced, old.get());
    }
    Listing after = Listing.of(store, to);
    Optional<StoredObject> own = Optional.ofNullable(after.retirable().get(bundle.name()));
    if (own.isEmpty()) {
      throw new SheaveException(
          Code.CONFLICT,
          "'"
              + Get.location(store, to.resolve(bundle.name()))
              + "' was removed by something else right after its upload: upload again.");
    }
    ObsoleteObjects obsolete =
        ObsoleteObjects.of(old, after, ObsoleteObjects.now(own), bundle.name()::equals);
    put(ReservedNames.MANIFEST, Manifest.of(bundle).withRetired(obsolete.kept()));
    Set<RelativePath> superfluous = new HashSet<>(obsolete.removed());
    Map<RelativePath, StoredObject> dead = Marker.dead(before, own.map(StoredObject::modified));
    if (!dead.isEmpty()) {
      superfluous.addAll(dead.keySet());
      superfluous.addAll(Marker.leftovers(before, dead, Set.of()));
    }
    if (superfluous.isEmpty() || !options.prune()) {
      return 0;
    }
    store.delete(superfluous.stream().map(to::resolve).toList());
    return superfluous.size();
  }

  private void put(RelativePath name, Manifest manifest) {
    store.put(to.resolve(name), Content.of(manifest.toJson()), Condition.NONE);
  }
}
