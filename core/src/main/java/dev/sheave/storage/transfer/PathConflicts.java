package dev.sheave.storage.transfer;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Detects paths that can't both be files of one tree, although an object store could hold both. */
final class PathConflicts {
  private PathConflicts() {}

  /** Two paths that are the same file or folder somewhere. */
  private record Twins(String one, String other) {}

  /** Tells how names are folded where a tree goes. */
  interface Question {
    NameFolding ask() throws IOException;
  }

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
   * written, if the place it goes to doesn't distinguish them.
   *
   * @param where the place, for the message
   * @param question is asked only if there are such names
   * @throws SheaveException {@code INVALID}
   */
  static void checkTwins(Collection<RelativePath> paths, String where, Question question)
      throws IOException {
    if (twins(paths, NameFolding.WIDEST) == null) {
      return;
    }
    Twins twins = twins(paths, question.ask());
    if (twins != null) {
      throw new SheaveException(
          Code.INVALID,
          "'"
              + twins.one()
              + "' and '"
              + twins.other()
              + "' would be the same file in '"
              + where
              + "', whose file system doesn't distinguish them: rename one.");
    }
  }

  private static @Nullable Twins twins(Collection<RelativePath> paths, NameFolding folding) {
    if (folding.isNone()) {
      return null;
    }
    Map<String, String> seen = new HashMap<>();
    for (RelativePath path : paths) {
      String text = path.toString();
      String folded = folding.fold(text); // with as many slashes
      for (int end = text.indexOf('/'), fold = folded.indexOf('/'); ; ) {
        String part = end < 0 ? text : text.substring(0, end);
        String twin = seen.putIfAbsent(fold < 0 ? folded : folded.substring(0, fold), part);
        if (twin != null && !twin.equals(part)) {
          return new Twins(twin, part);
        }
        if (end < 0) {
          break;
        }
        end = text.indexOf('/', end + 1);
        fold = folded.indexOf('/', fold + 1);
      }
    }
    return null;
  }

  /**
   * How names are folded in a directory of this machine.
   *
   * @param directory an existing one that may be written to
   */
  static NameFolding foldingIn(Path directory) throws IOException {
    return NameFolding.of(
        new NameFolding.Place() {
          @Override
          public void create(String name) throws IOException {
            Files.createFile(directory.resolve(name));
          }

          @Override
          public boolean exists(String name) {
            return Files.exists(directory.resolve(name), LinkOption.NOFOLLOW_LINKS);
          }

          @Override
          public void delete(String name) throws IOException {
            Files.delete(directory.resolve(name));
          }
        });
  }
}
