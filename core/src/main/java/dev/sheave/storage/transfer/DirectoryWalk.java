package dev.sheave.storage.transfer;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.internal.IoReason;
import dev.sheave.internal.Settings;
import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Finds the regular files below a directory that aren't ignored, in the order of their names. The
 * home of Sheave isn't entered. Links within the directory are followed; links that point outside
 * of it, are broken, or form a loop are refused unless they are ignored.
 */
final class DirectoryWalk {
  private final Path directory;
  private final Path realDirectory;
  private final IgnoreRules rules;
  private final BiConsumer<RelativePath, Path> sink;
  private final Predicate<Path> isHome = Settings.isHome();

  /** The real paths of the directories that are being walked, to notice circles. */
  private final Deque<Path> ancestors = new ArrayDeque<>();

  /** The names that can't be paths, with the reasons. */
  private final SortedMap<String, String> refused = new TreeMap<>();

  private int ignored;

  private DirectoryWalk(
      Path directory, Path realDirectory, IgnoreRules rules, BiConsumer<RelativePath, Path> sink) {
    this.directory = directory;
    this.realDirectory = realDirectory;
    this.rules = rules;
    this.sink = sink;
  }

  /**
   * Walks.
   *
   * @param sink takes each file's path in the directory, and where it lies
   * @return how many files and directories the rules kept out, those in ignored directories not
   *     counted
   */
  static int walk(Path directory, IgnoreRules rules, BiConsumer<RelativePath, Path> sink) {
    try {
      Path base = directory.toAbsolutePath().normalize();
      DirectoryWalk walk = new DirectoryWalk(base, base.toRealPath(), rules, sink);
      if (walk.isHome.test(base)) {
        throw new SheaveException(
            Code.INVALID,
            "'"
                + directory
                + "' is the home of Sheave, with its keys and records: keep flows in another"
                + " folder, or set SHEAVE_HOME to another one.");
      }
      if (!Files.isDirectory(base)) {
        throw new SheaveException(Code.NOT_FOUND, "'" + directory + "' is not a directory.");
      }
      walk.enter(RelativePath.ROOT, base);
      if (!walk.refused.isEmpty()) {
        throw new SheaveException(
            Code.INVALID,
            "'"
                + directory
                + "' has names that can't be uploaded: "
                + Names.explained(walk.refused)
                + ": rename or ignore them.");
      }
      return walk.ignored;
    } catch (NoSuchFileException e) {
      throw new SheaveException(
          Code.NOT_FOUND,
          "The directory '" + directory + "' doesn't exist (" + e.getFile() + ").",
          e);
    } catch (IOException e) {
      throw new SheaveException(
          Code.INVALID,
          "The directory '" + directory + "' can't be read: " + IoReason.of(e, directory) + ".",
          e);
    }
  }

  private void enter(RelativePath path, Path folder) throws IOException {
    Path real = folder.toRealPath();
    if (ancestors.contains(real)) {
      throw new SheaveException(
          Code.INVALID,
          "The link '" + folder + "' forms a loop with '" + real + "': remove it or ignore it.",
          new FileSystemLoopException(folder.toString()));
    }
    ancestors.push(real);
    for (Path entry : sorted(folder)) {
      visit(path, entry);
    }
    ancestors.pop();
  }

  /** Why an entry can't be part of a tree because of its name, as the end of a sentence. */
  private static Optional<String> refusalOf(String name, Path entry) {
    Optional<String> refusal = RelativePath.refusalOf(name);
    return refusal.isPresent() || isText(entry.getFileName())
        ? refusal
        : Optional.of(
            "its bytes aren't text in " + System.getProperty("sun.jnu.encoding", "UTF-8"));
  }

  /** Java replaces bytes that aren't: the text is the name of another file. */
  private static boolean isText(Path name) {
    try {
      return name.getFileSystem().getPath(name.toString()).equals(name);
    } catch (InvalidPathException e) {
      return false;
    }
  }

  private static List<Path> sorted(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      List<Path> all = new ArrayList<>(entries.toList());
      all.sort(null);
      return all;
    }
  }

  private void visit(RelativePath folder, Path entry) throws IOException {
    String name = (folder.isRoot() ? "" : folder + "/") + entry.getFileName();
    boolean isDirectory = Files.isDirectory(entry);
    // first of all: what is ignored may have any name, and isn't read
    if (rules.ignores(name, isDirectory)) {
      if (DownloadMarker.isIn(name)) {
        throw DownloadMarker.unfinished(String.valueOf(entry.getParent()), entry.toString());
      }
      ignored += IgnoreRules.isNoFileOfATree(name) ? 0 : 1;
      return;
    }
    if (!isDirectory && !Files.isSymbolicLink(entry) && !Files.isRegularFile(entry)) {
      return; // a socket or a device
    }
    if (isDirectory && isHome.test(entry)) {
      return;
    }
    Optional<String> refusal = refusalOf(name, entry);
    if (refusal.isPresent()) {
      refused.put(name, refusal.get());
      return;
    }
    RelativePath path = RelativePath.parse(name);
    if (Files.isSymbolicLink(entry)) {
      checkTarget(entry);
    }
    if (isDirectory) {
      enter(path, entry);
    } else if (Files.isRegularFile(entry)) {
      sink.accept(path, entry);
    }
  }

  private void checkTarget(Path link) throws IOException {
    Path target;
    try {
      target = link.toRealPath();
    } catch (IOException e) {
      throw new SheaveException(
          Code.INVALID,
          "The link '" + link + "' is broken or forms a loop: remove it or ignore it.",
          e);
    }
    if (!target.startsWith(realDirectory)) {
      throw new SheaveException(
          Code.INVALID,
          "The link '"
              + link
              + "' points outside of '"
              + directory
              + "', to '"
              + target
              + "': replace it with its target, or ignore it.");
    }
  }
}
