package dev.sheave.storage.transfer;

import dev.sheave.storage.transfer.ObjectSource.StoredObject;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Decides which objects of earlier puts a put may remove, and which it has to keep for now. An
 * archive that the new manifest doesn't name may still be in use: a get may be reading it, or
 * another put may be about to name it. So the manifest records when each archive was first found
 * obsolete, by the store's clock, and a later put removes it once that is {@link #GRACE} ago. A get
 * that takes longer than that finds its archive gone, and fetches the archive that the manifest
 * names by then.
 *
 * <p>The files of a plain tree that a bundle replaced, and the manifest that lists them, are kept
 * for the same time.
 *
 * @param kept objects that stay for now, with the time at which each was found obsolete
 * @param removed objects that no get reads any more, relative to the place
 */
record ObsoleteObjects(SortedMap<RelativePath, Instant> kept, Set<RelativePath> removed) {
  /**
   * How long replaced objects are kept for gets that are still running. A put that started longer
   * ago is considered dead.
   */
  static final Duration GRACE = Duration.ofHours(1);

  /**
   * Decides what a put keeps and what it removes.
   *
   * @param old the manifest that is replaced
   * @param listing the current content of the place
   * @param now the store's time
   * @param isCurrent tells which objects the new manifest names
   */
  static ObsoleteObjects of(
      Optional<Manifest> old, Listing listing, Instant now, Predicate<RelativePath> isCurrent) {
    SortedMap<RelativePath, Instant> kept = new TreeMap<>();
    Set<RelativePath> removed = new HashSet<>();
    for (RelativePath name : listing.retirable().keySet()) {
      if (isCurrent.test(name)) {
        continue;
      }
      Instant since = old.map(manifest -> manifest.retired().get(name)).orElse(now);
      if (since.plus(GRACE).isBefore(now)) {
        removed.add(name);
        removed.addAll(filesOf(name, listing, isCurrent));
      } else {
        kept.put(name, since);
      }
    }
    return new ObsoleteObjects(kept, removed);
  }

  /** The remaining objects of a plain tree that a bundle replaced. */
  private static Set<RelativePath> filesOf(
      RelativePath name, Listing listing, Predicate<RelativePath> isCurrent) {
    Set<RelativePath> files = new HashSet<>();
    if (!ReservedNames.isBundle(name.toString())) {
      for (Manifest replaced : listing.readReplaced(name).stream().toList()) {
        replaced.entries().values().stream()
            .filter(entry -> listing.has(entry) && !isCurrent.test(entry.path()))
            .forEach(entry -> files.add(entry.path()));
      }
    }
    return files;
  }

  /** The store's time when it wrote an object, if it says, else this machine's. */
  static Instant now(Optional<StoredObject> written) {
    return written.flatMap(object -> Optional.ofNullable(object.modified())).orElse(Instant.now());
  }
}
