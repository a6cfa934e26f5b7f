package dev.sheave.storage.github;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import java.io.IOException;
import java.io.InputStream;
import java.util.SortedMap;
import java.util.TreeMap;
import org.eclipse.jgit.attributes.Attribute;
import org.eclipse.jgit.attributes.AttributesNode;
import org.eclipse.jgit.attributes.AttributesRule;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.treewalk.CanonicalTreeParser;
import org.jspecify.annotations.Nullable;

/** A folder of a commit, read on demand. Not safe for use by several threads. */
final class GitFolder {
  private static final String ATTRIBUTES = ".gitattributes";

  private final GitHost.Fetched source;
  private final ObjectId id;
  private final @Nullable GitFolder parent;
  private final String path;
  private @Nullable SortedMap<String, Entry> entries;
  private @Nullable AttributesNode attributes;

  private GitFolder(GitHost.Fetched source, ObjectId id, @Nullable GitFolder parent, String path) {
    this.source = source;
    this.id = id;
    this.parent = parent;
    this.path = path;
  }

  /**
   * An entry of a folder. Its name isn't trusted.
   *
   * @param mode git's file mode
   */
  record Entry(GitFolder folder, String name, FileMode mode, ObjectId id) {
    boolean isFolder() {
      return mode.equals(FileMode.TREE);
    }

    boolean isLink() {
      return mode.equals(FileMode.SYMLINK);
    }

    boolean isSubmodule() {
      return mode.equals(FileMode.GITLINK);
    }

    GitFolder open() {
      return new GitFolder(folder.source, id, folder, folder.below(name));
    }

    /** Its path in its repository. */
    String path() {
      return folder.below(name);
    }
  }

  /** The topmost folder of a commit. */
  static GitFolder of(GitHost.Fetched source) {
    return new GitFolder(source, source.commit().getTree(), null, "");
  }

  GitHost.Fetched source() {
    return source;
  }

  /** Returns a key that is unique among the folders of a commit and its submodules. */
  String identity() {
    return source.address() + " " + source.commit().name() + " " + path;
  }

  String path() {
    return path;
  }

  private String below(String name) {
    return path.isEmpty() ? name : path + "/" + name;
  }

  /** The entries, by name. */
  SortedMap<String, Entry> entries() throws IOException {
    SortedMap<String, Entry> all = entries;
    if (all == null) {
      all = new TreeMap<>();
      try (ObjectReader reader = source.repository().newObjectReader()) {
        CanonicalTreeParser tree = new CanonicalTreeParser();
        for (tree.reset(reader, id); !tree.eof(); tree.next(1)) {
          String name = tree.getEntryPathString();
          Entry entry = new Entry(this, name, tree.getEntryFileMode(), tree.getEntryObjectId());
          if (all.put(name, entry) != null) {
            throw new SheaveException(
                Code.INVALID,
                "'" + source.address() + "' has two entries '" + below(name) + "': rename one.");
          }
        }
      }
      entries = all;
    }
    return all;
  }

  /** Whether git's attributes assign a file to LFS. */
  boolean isLfs(String name) throws IOException {
    String relative = name;
    for (GitFolder folder = this; folder != null; folder = folder.parent) {
      String filter = folder.filter(relative);
      if (filter != null) {
        return filter.equals("lfs");
      }
      relative = folder.path.substring(folder.path.lastIndexOf('/') + 1) + "/" + relative;
    }
    return false;
  }

  private @Nullable String filter(String relative) throws IOException {
    String filter = null;
    for (AttributesRule rule : attributes().getRules()) {
      for (Attribute attribute : rule.getAttributes()) {
        if (attribute.getKey().equals("filter") && rule.isMatch(relative, false)) {
          // the last that matches holds
          filter = String.valueOf(attribute.getValue());
        }
      }
    }
    return filter;
  }

  private AttributesNode attributes() throws IOException {
    AttributesNode node = attributes;
    if (node == null) {
      node = new AttributesNode();
      Entry file = entries().get(ATTRIBUTES);
      if (file != null && !file.isFolder() && !file.isLink() && !file.isSubmodule()) {
        try (InputStream in =
            source.repository().open(file.id(), Constants.OBJ_BLOB).openStream()) {
          node.parse(in);
        }
      }
      attributes = node;
    }
    return node;
  }
}
