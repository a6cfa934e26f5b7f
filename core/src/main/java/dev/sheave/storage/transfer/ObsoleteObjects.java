package dev.sheave.storage.transfer;

import dev.sheave.storage.transfer.ObjectStore.StoredObject;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * What becomes of the archives that a put finds and its own manifest won't name: a get may be
 * reading one, and another put may have uploaded one that it is about to name. So the manifest
 * notes when each was first found superfluous, by the store's clock, and a later put removes it
 * when that is {@link #GRACE} ago. A get that is slower than that finds its archive gone, and
 * fetches the one that the manifest names by then.
 *
 * <p>The files of a plain tree that a bundle replaced are kept as long, by the manifest that lists
 * them.
 *
 * @param kept what stays for now, with when it was found superfluous
 * @param removed what no get reads any more, relative to the place
 */
record ObsoleteObjects(SortedMap<RelativePath, Instant> kept, Set<RelativePath> removed) {
  /** How long what was replaced is kept for gets that began before; and marks a put as dead. */
  static final Duration GRACE = Duration.ofHours(1);

  /**
   * Decides.
   *
   * @param old the manifest that is replaced
   * @param listing what is there now
   * @param now the store's time
   * @param isCurrent what the new manifest names
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

  /** What is still there of a plain tree that a bundle replaced. */
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
