package dev.sheave.storage.transfer;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import java.nio.file.Path;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The files that a put writes: the location of each on this machine, by its path in the tree. They
 * may come from several directories. Immutable; the files themselves are read when the tree is
 * moved.
 */
public final class FileTree {
  private final SortedMap<RelativePath, Path> files;
  private final int ignored;

  private FileTree(SortedMap<RelativePath, Path> files, int ignored) {
    this.files = Collections.unmodifiableSortedMap(files);
    this.ignored = ignored;
  }

  /**
   * Returns the regular files below a directory that aren't ignored. Links within the directory are
   * followed.
   *
   * @throws SheaveException {@code NOT_FOUND} if the directory doesn't exist; {@code INVALID} if a
   *     link points outside of it or forms a loop, or a name can't be a path
   */
  public static FileTree of(Path directory, IgnoreRules rules) {
    return builder().addDirectory(RelativePath.ROOT, directory, rules).build();
  }

  /** Starts a tree. */
  public static Builder builder() {
    return new Builder();
  }

  /** The files by their paths in the tree, sorted. */
  public SortedMap<RelativePath, Path> files() {
    return files;
  }

  /**
   * How many files and folders were ignored; neither the content of ignored folders nor ignore
   * files are counted.
   */
  public int ignored() {
    return ignored;
  }

  /** Builds a tree. Not safe for use by several threads. */
  public static final class Builder {
    private final SortedMap<RelativePath, Path> files = new TreeMap<>();
    private int ignored;

    private Builder() {}

    /**
     * Adds a file.
     *
     * @throws SheaveException {@code INVALID} if the path is taken or reserved
     */
    public Builder add(RelativePath path, Path file) {
      if (path.isRoot() || ReservedNames.isReserved(path.toString())) {
        throw new SheaveException(
            Code.INVALID,
            "'"
                + file
                + "' can't be uploaded as '"
                + path
                + "': the name '"
                + ReservedNames.HOME
                + "' and names that start with '"
                + ReservedNames.PREFIX
                + "' are reserved for Sheave.");
      }
      Path other = files.putIfAbsent(path, file);
      if (other != null && !other.equals(file)) {
        throw new SheaveException(
            Code.INVALID,
            "Both '" + other + "' and '" + file + "' would be uploaded as '" + path + "'.");
      }
      return this;
    }

    /** Adds the files below a directory that aren't ignored, below a path of the tree. */
    public Builder addDirectory(RelativePath below, Path directory, IgnoreRules rules) {
      ignored +=
          DirectoryWalk.walk(directory, rules, (path, file) -> add(below.resolve(path), file));
      return this;
    }

    /** Returns the tree. */
    public FileTree build() {
      return new FileTree(new TreeMap<>(files), ignored);
    }
  }
}
