package dev.sheave.storage.transfer;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Detects paths that can't both be files of one tree, although an object store could hold both. */
final class PathConflicts {
  private PathConflicts() {}

  /**
   * Refuses a tree in which a file is also a folder.
   *
   * @throws SheaveException {@code INVALID}
   */
  static void check(Collection<RelativePath> paths) {
    Set<String> files = new HashSet<>();
    paths.forEach(path -> files.add(path.toString()));
    for (String path : files) {
      for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
        String folder = path.substring(0, slash);
        if (files.contains(folder)) {
          throw new SheaveException(
              Code.INVALID,
              "'"
                  + folder
                  + "' can't be both a file and the folder of '"
                  + path
                  + "': rename one.");
        }
      }
    }
  }

  /**
   * Refuses a tree with names that differ only in the case of letters, or in how their accents are
   * written, if a directory's file system doesn't distinguish them.
   *
   * @param directory an existing one that may be written to
   * @throws SheaveException {@code INVALID}
   */
  static void checkTwins(Collection<RelativePath> paths, Path directory) throws IOException {
    Map<String, String> seen = new HashMap<>();
    for (RelativePath path : paths) {
      String text = path.toString();
      for (int end = text.indexOf('/'); ; end = text.indexOf('/', end + 1)) {
        String part = end < 0 ? text : text.substring(0, end);
        String twin = seen.putIfAbsent(folded(part), part);
        if (twin != null && !twin.equals(part) && !tellsApart(directory)) {
          throw new SheaveException(
              Code.INVALID,
              "'"
                  + twin
                  + "' and '"
                  + part
                  + "' would be the same file in '"
                  + directory
                  + "', whose file system doesn't distinguish them: rename one.");
        }
        if (end < 0) {
          break;
        }
      }
    }
  }

  private static String folded(String text) {
    return Normalizer.normalize(text, Normalizer.Form.NFC)
        .toUpperCase(Locale.ROOT)
        .toLowerCase(Locale.ROOT);
  }

  private static boolean tellsApart(Path directory) throws IOException {
    Path probe = Files.createTempFile(directory, ReservedNames.PART_PREFIX, ".Probe-\u00e9");
    try {
      String name = String.valueOf(probe.getFileName());
      String decomposed = Normalizer.normalize(name, Normalizer.Form.NFD);
      return Files.notExists(probe.resolveSibling(name.toUpperCase(Locale.ROOT)))
          && Files.notExists(probe.resolveSibling(decomposed));
    } finally {
      Files.delete(probe);
    }
  }
}
