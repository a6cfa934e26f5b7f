package dev.sheave.storage.github;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.storage.transfer.RelativePath;
import java.io.File;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import org.eclipse.jgit.errors.CorruptObjectException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectChecker;
import org.eclipse.jgit.lib.ObjectLoader;
import org.jspecify.annotations.Nullable;

/**
 * Finds the files below a path of a commit, as they are written to disk. Files of submodules are
 * included, and a link is replaced by a copy of its target. A link that is broken, forms a loop, or
 * points outside of the tree is left out, as is a name that can't be a file's.
 */
final class GitWalk {
  /** The most files and folders of a tree: links can make one grow without end. */
  private static final int MAX_ENTRIES = 1_000_000;

  private static final int MAX_LINKS = 40;
  private static final int MAX_LINK_BYTES = 4096;

  private final ObjectChecker checker =
      new ObjectChecker().setSafeForMacOS(true).setSafeForWindows(File.separatorChar == '\\');
  private final GitFolder root;
  private final @Nullable Submodules submodules;
  private final BiConsumer<RelativePath, GitFolder.Entry> sink;
  private final Map<String, GitFolder> folders = new HashMap<>();
  private final Deque<String> ancestors = new ArrayDeque<>();
  private final List<String> leftOut = new ArrayList<>();
  private final List<String> unusable = new ArrayList<>();
  private int entries;

  /** An entry that can't be a file. */
  private static final class Unusable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String path;

    Unusable(String path, String why) {
      super(why, null, false, false);
      this.path = path;
    }

    @Override
    public String getMessage() {
      return "'" + path + "' is refused because " + super.getMessage();
    }
  }

  /**
   * A walk.
   *
   * @param submodules null to leave them out
   * @param sink takes each file, by its path in the tree
   */
  GitWalk(
      GitFolder root,
      @Nullable Submodules submodules,
      BiConsumer<RelativePath, GitFolder.Entry> sink) {
    this.root = root;
    this.submodules = submodules;
    this.sink = sink;
  }

  /** Walks. */
  void walk(RelativePath from) throws IOException {
    try {
      Place place = new Place(new ArrayList<>(), root, null);
      if (!from.isRoot()) {
        place = find(List.of(), from.toString(), from.toString(), 0);
      }
      if (place != null && place.folder() != null) {
        enter(from.toString(), place);
      }
    } catch (Unusable e) {
      throw refused(e.getMessage(), e);
    }
  }

  /** The paths of the submodules that were left out. */
  List<String> leftOut() {
    return Collections.unmodifiableList(leftOut);
  }

  /** For each entry that can't be a file and was left out, its path and why, as a sentence. */
  List<String> unusable() {
    return Collections.unmodifiableList(unusable);
  }

  /**
   * An entry after all links on its way are resolved.
   *
   * @param parts the names of the folders that lead to it
   * @param folder the folder, if it is one
   * @param file the file, if it is one
   */
  private record Place(
      List<String> parts, @Nullable GitFolder folder, GitFolder.@Nullable Entry file) {}

  private void enter(String path, Place place) throws IOException {
    GitFolder folder = Objects.requireNonNull(place.folder());
    if (ancestors.contains(folder.identity())) {
      throw new Unusable(path, "the link forms a loop");
    }
    ancestors.push(folder.identity());
    for (GitFolder.Entry entry : folder.entries().values()) {
      try {
        visit(path, place, entry);
      } catch (Unusable e) {
        unusable.add(e.getMessage());
      }
    }
    ancestors.pop();
  }

  private void visit(String path, Place place, GitFolder.Entry entry) throws IOException {
    if (++entries > MAX_ENTRIES) {
      throw refused("it has more than " + MAX_ENTRIES + " files and folders", null);
    }
    String below = path.isEmpty() ? entry.name() : path + "/" + entry.name();
    checkName(below, entry.name());
    Place found = locate(place.parts(), entry, below, 0);
    if (found == null) {
      leftOut.add(below);
    } else if (found.folder() != null) {
      enter(below, found);
    } else {
      sink.accept(RelativePath.parse(below), Objects.requireNonNull(found.file()));
    }
  }

  /** Refuses a name that isn't valid, or names another file, on this machine. */
  private void checkName(String path, String name) {
    if (name.indexOf('/') >= 0) {
      throw new Unusable(path, "a name in it contains a slash");
    }
    try {
      byte[] raw = name.getBytes(UTF_8);
      checker.checkPathSegment(raw, 0, raw.length);
    } catch (CorruptObjectException e) {
      throw new Unusable(path, "the name is reserved by git, or isn't a valid file name");
    }
    if (!RelativePath.isValid(path)) {
      throw new Unusable(path, "it isn't a valid path");
    }
  }

  /** Resolves the links of an entry; returns null for a submodule that is left out. */
  private @Nullable Place locate(List<String> parts, GitFolder.Entry entry, String shown, int links)
      throws IOException {
    List<String> below = new ArrayList<>(parts);
    below.add(entry.name());
    if (entry.isFolder()) {
      return new Place(below, opened(entry), null);
    }
    if (entry.isSubmodule()) {
      return submodules == null ? null : new Place(below, submodules.open(entry), null);
    }
    if (!entry.isLink()) {
      return new Place(parts, null, entry);
    }
    if (links >= MAX_LINKS) {
      throw new Unusable(shown, "the link forms a loop");
    }
    String target = target(entry, shown);
    if (target.startsWith("/") || target.indexOf('\\') >= 0 || target.matches("[A-Za-z]:.*")) {
      throw new Unusable(shown, "the link points outside of the tree, to '" + target + "'");
    }
    Place found = find(parts, target, shown, links + 1);
    if (found == null) {
      throw new Unusable(shown, "the link is broken: '" + target + "' doesn't exist");
    }
    return found;
  }

  private GitFolder opened(GitFolder.Entry entry) {
    return folders.computeIfAbsent(
        entry.folder().identity() + "\0" + entry.name(), key -> entry.open());
  }

  private String target(GitFolder.Entry link, String shown) throws IOException {
    ObjectLoader blob = link.folder().source().repository().open(link.id(), Constants.OBJ_BLOB);
    if (blob.getSize() > MAX_LINK_BYTES) {
      throw new Unusable(shown, "the link is longer than a path can be");
    }
    return new String(blob.getBytes(), UTF_8);
  }

  /** Follows a path from a folder; returns null if it doesn't exist. */
  private @Nullable Place find(List<String> start, String path, String shown, int links)
      throws IOException {
    List<String> parts = new ArrayList<>(start);
    Place at = folderAt(parts);
    String[] names = path.split("/");
    for (int i = 0; i < names.length; i++) {
      String name = names[i];
      if (at == null || at.folder() == null) {
        return null;
      }
      if (name.equals("..")) {
        if (at.parts().isEmpty()) {
          throw new Unusable(shown, "the link points outside of the tree, to '" + path + "'");
        }
        at = folderAt(at.parts().subList(0, at.parts().size() - 1));
      } else if (!name.isEmpty() && !name.equals(".")) {
        GitFolder.Entry entry = at.folder().entries().get(name);
        at = entry == null ? null : locate(at.parts(), entry, shown, links);
      }
    }
    return at;
  }

  /** Returns the folder at a path without links. */
  private @Nullable Place folderAt(List<String> parts) throws IOException {
    GitFolder folder = root;
    for (String part : parts) {
      GitFolder.Entry entry = folder.entries().get(part);
      if (entry == null) {
        return null;
      }
      if (entry.isSubmodule() && submodules != null) {
        folder = submodules.open(entry);
      } else {
        folder = opened(entry);
      }
    }
    return new Place(List.copyOf(parts), folder, null);
  }

  private SheaveException refused(String why, @Nullable Throwable cause) {
    return new SheaveException(
        Code.INVALID,
        "The tree of '" + root.source().address() + "' can't be fetched: " + why + ".",
        cause);
  }
}
