package dev.sheave.storage.transfer;

import dev.sheave.storage.transfer.ObjectSource.StoredObject;
import dev.sheave.storage.transfer.StagedDownload.Wanted;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The files of a place whose content no manifest describes: another tool's. An object that can't be
 * a file of this machine is left out with a warning, so that the rest can be used.
 */
final class UnprovenFiles {
  private final String location;
  private final Path directory;
  private final TransferListener listener;

  /** The ignore rules of a directory of this machine that is the place itself. */
  private final Optional<IgnoreRules> rules;

  UnprovenFiles(ObjectSource store, RelativePath from, Path directory, TransferListener listener) {
    this.location = Get.location(store, from);
    this.directory = directory;
    this.listener = listener;
    this.rules = store.directory(from).map(IgnoreRules::in);
  }

  /** The files to fetch; nothing is written. */
  List<Wanted> of(Listing listing) {
    SortedMap<RelativePath, Wanted> wanted = new TreeMap<>();
    SortedSet<String> leftOut = new TreeSet<>();
    listing
        .objects()
        .forEach(
            (name, object) -> {
              if (!FolderMarks.isMark(name, object)
                  && (rules.isEmpty() || !rules.get().ignoresFile(name))) {
                wanted(name, object)
                    .ifPresentOrElse(
                        file -> wanted.put(file.path(), file), () -> leftOut.add(name));
              }
            });
    removeFolders(wanted, leftOut);
    if (!leftOut.isEmpty()) {
      listener.warning(
          leftOut.size()
              + (leftOut.size() == 1 ? " object at '" : " objects at '")
              + location
              + "' can't be a file on this machine and "
              + (leftOut.size() == 1 ? "is" : "are")
              + " left out: "
              + Names.some(leftOut)
              + ".");
    }
    return List.copyOf(wanted.values());
  }

  private Optional<Wanted> wanted(String name, StoredObject object) {
    return RelativePath.tryParse(name)
        .filter(path -> path.isPossibleIn(directory))
        .map(
            path -> new Wanted(path, path.in(directory), object.size(), object.executable(), null));
  }

  /** Leaves out objects that are also folders; empty ones are marks of those folders. */
  private static void removeFolders(
      SortedMap<RelativePath, Wanted> wanted, SortedSet<String> leftOut) {
    Set<RelativePath> folders = new HashSet<>();
    for (RelativePath path : wanted.keySet()) {
      String text = path.toString();
      for (int slash = text.indexOf('/'); slash >= 0; slash = text.indexOf('/', slash + 1)) {
        RelativePath.tryParse(text.substring(0, slash)).ifPresent(folders::add);
      }
    }
    folders.retainAll(wanted.keySet());
    for (RelativePath folder : folders) {
      Wanted file = wanted.remove(folder);
      if (file != null && file.size() > 0) {
        leftOut.add(folder.toString());
      }
    }
  }
}
