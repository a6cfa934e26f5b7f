package dev.sheave.storage.transfer;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Finds the objects that are in the way of files to be written: a file where a folder has to be, a
 * file in a folder where a file has to be, and a file whose name the store doesn't distinguish from
 * the new one. They have to go before anything can be written there.
 */
final class Obstacles {
  private final NameFolding folding;

  /** The files to write, by their folded paths. */
  private final Map<String, RelativePath> files = new HashMap<>();

  /** A file to write in each folder, by the folders' folded paths. */
  private final Map<String, RelativePath> folders = new HashMap<>();

  private Obstacles(Collection<RelativePath> written, NameFolding folding) {
    this.folding = folding;
    for (RelativePath path : written) {
      String folded = folding.fold(path.toString());
      files.put(folded, path);
      for (int slash = folded.indexOf('/'); slash >= 0; slash = folded.indexOf('/', slash + 1)) {
        folders.putIfAbsent(folded.substring(0, slash), path);
      }
    }
  }

  /**
   * Returns the objects to remove before anything is written.
   *
   * @param listing of the place
   * @param names of the store, which is asked only if there is something that may be in the way
   * @param place where the files go
   * @param written the files to write
   * @param tree all files of the tree; none of them is in the way of another
   * @param isOurs tells whether an earlier put wrote an object, and nothing else did since
   * @throws SheaveException {@code INVALID} if another tool's file is in the way
   */
  static Set<RelativePath> of(
      Listing listing,
      StoreNames names,
      RelativePath place,
      Collection<RelativePath> written,
      Collection<RelativePath> tree,
      Predicate<RelativePath> isOurs) {
    if (written.isEmpty() || listing.objects().isEmpty()) {
      return Set.of();
    }
    Set<String> known = new HashSet<>();
    tree.forEach(path -> known.add(path.toString()));
    Obstacles found = new Obstacles(written, NameFolding.NONE);
    Map<String, RelativePath> blocked = found.blocked(listing, known);
    if (new Obstacles(written, NameFolding.WIDEST).blocked(listing, known).size()
        > blocked.size()) {
      found = new Obstacles(written, names.folding(place));
      blocked = found.blocked(listing, known);
    }
    Set<RelativePath> removed = new HashSet<>();
    Map<RelativePath, RelativePath> foreign = new TreeMap<>();
    for (Map.Entry<String, RelativePath> one : blocked.entrySet()) {
      // no put wrote a name that can't be a path, and none is written over it
      RelativePath path = RelativePath.tryParse(one.getKey()).orElse(null);
      if (path != null && (found.isSame(path, one.getValue()) || isOurs.test(path))) {
        removed.add(path);
      } else if (path != null) {
        foreign.put(path, one.getValue());
      }
    }
    if (!foreign.isEmpty() && names.areFiles(place)) {
      throw refused(foreign, listing.location());
    }
    return removed;
  }

  /** For each object that is in the way, a file that it is in the way of. */
  private Map<String, RelativePath> blocked(Listing listing, Set<String> known) {
    Map<String, RelativePath> blocked = new HashMap<>();
    for (String name : listing.objects().keySet()) {
      RelativePath file = known.contains(name) ? null : blockedBy(name);
      if (file != null) {
        blocked.put(name, file);
      }
    }
    return blocked;
  }

  private @Nullable RelativePath blockedBy(String name) {
    String folded = folding.fold(name);
    RelativePath found = files.getOrDefault(folded, folders.get(folded));
    for (int slash = folded.indexOf('/');
        found == null && slash >= 0;
        slash = folded.indexOf('/', slash + 1)) {
      found = files.get(folded.substring(0, slash));
    }
    return found;
  }

  private boolean isSame(RelativePath one, RelativePath other) {
    return folding.fold(one.toString()).equals(folding.fold(other.toString()));
  }

  private static SheaveException refused(Map<RelativePath, RelativePath> foreign, String location) {
    RelativePath first = foreign.keySet().iterator().next();
    return new SheaveException(
        Code.INVALID,
        "'"
            + foreign.get(first)
            + "' can't be uploaded to '"
            + location
            + "' because of "
            + Names.some(foreign.keySet())
            + ", which Sheave didn't upload: move or remove it.");
  }
}
