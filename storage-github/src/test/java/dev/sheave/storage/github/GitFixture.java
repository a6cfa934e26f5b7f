package dev.sheave.storage.github;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.TagBuilder;
import org.eclipse.jgit.lib.TreeFormatter;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;

/** A repository that a test fills as it likes, with trees too that no client of git would make. */
final class GitFixture {
  private static final PersonIdent PERSON = new PersonIdent("test", "test@example.com");

  private final Path directory;
  private final String name;
  private ObjectId head = ObjectId.zeroId();

  GitFixture(Path directory, String name) {
    this.directory = directory;
    this.name = name;
    try (Repository repository = open()) {
      repository.create(true);
      repository.updateRef(Constants.HEAD).link("refs/heads/main");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** An entry of a tree: a mode of git's, and what it holds. */
  record Entry(FileMode mode, String content, ObjectId id) {
    static Entry file(String text) {
      return new Entry(FileMode.REGULAR_FILE, text, ObjectId.zeroId());
    }

    static Entry executable(String text) {
      return new Entry(FileMode.EXECUTABLE_FILE, text, ObjectId.zeroId());
    }

    static Entry link(String target) {
      return new Entry(FileMode.SYMLINK, target, ObjectId.zeroId());
    }

    static Entry submodule(ObjectId commit) {
      return new Entry(FileMode.GITLINK, "", commit);
    }
  }

  String name() {
    return name;
  }

  private Repository open() throws IOException {
    return new FileRepositoryBuilder().setGitDir(directory.toFile()).setBare().build();
  }

  /** Commits files to {@code main}; returns the commit. */
  ObjectId commit(Map<String, String> files) {
    Map<String, Entry> entries = new LinkedHashMap<>();
    files.forEach((path, text) -> entries.put(path, Entry.file(text)));
    return commitEntries("refs/heads/main", entries);
  }

  /** Commits a tree to a branch; slashes in the paths part folders. */
  ObjectId commitEntries(String ref, Map<String, Entry> entries) {
    try (Repository repository = open();
        ObjectInserter inserter = repository.newObjectInserter()) {
      return commitTree(ref, repository, inserter, tree(inserter, new TreeMap<>(entries)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Commits a tree with one file whose name is taken as it is, in a folder's if one is given. */
  ObjectId commitRaw(List<String> names) {
    try (Repository repository = open();
        ObjectInserter inserter = repository.newObjectInserter()) {
      ObjectId id = inserter.insert(Constants.OBJ_BLOB, "hostile".getBytes(UTF_8));
      FileMode mode = FileMode.REGULAR_FILE;
      for (int i = names.size() - 1; i >= 0; i--) {
        TreeFormatter tree = new TreeFormatter();
        byte[] raw = names.get(i).getBytes(UTF_8);
        tree.append(raw, 0, raw.length, mode, id, true);
        id = inserter.insert(tree);
        mode = FileMode.TREE;
      }
      return commitTree("refs/heads/main", repository, inserter, id);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ObjectId commitTree(
      String ref, Repository repository, ObjectInserter inserter, ObjectId tree)
      throws IOException {
    CommitBuilder commit = new CommitBuilder();
    commit.setTreeId(tree);
    commit.setAuthor(PERSON);
    commit.setCommitter(PERSON);
    commit.setMessage("A commit");
    if (!head.equals(ObjectId.zeroId())) {
      commit.setParentId(head);
    }
    head = inserter.insert(commit);
    inserter.flush();
    set(repository, ref, head);
    return head;
  }

  private static void set(Repository repository, String ref, ObjectId id) throws IOException {
    RefUpdate update = repository.updateRef(ref);
    update.setNewObjectId(id);
    update.forceUpdate();
  }

  /** Tags the newest commit. */
  void tag(String tagName) {
    try (Repository repository = open();
        ObjectInserter inserter = repository.newObjectInserter()) {
      TagBuilder tag = new TagBuilder();
      tag.setObjectId(head, Constants.OBJ_COMMIT);
      tag.setTag(tagName);
      tag.setTagger(PERSON);
      tag.setMessage("A tag");
      ObjectId id = inserter.insert(tag);
      inserter.flush();
      set(repository, "refs/tags/" + tagName, id);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ObjectId tree(ObjectInserter inserter, Map<String, Entry> entries)
      throws IOException {
    Map<String, Map<String, Entry>> folders = new TreeMap<>();
    // as git sorts them: a folder as if its name ended with a slash
    Map<String, Entry> here = new TreeMap<>();
    entries.forEach(
        (path, entry) -> {
          int slash = path.indexOf('/');
          if (slash < 0) {
            here.put(path, entry);
          } else {
            folders
                .computeIfAbsent(path.substring(0, slash), key -> new TreeMap<>())
                .put(path.substring(slash + 1), entry);
          }
        });
    List<String> names = new ArrayList<>(here.keySet());
    folders.keySet().forEach(folder -> names.add(folder + "/"));
    names.sort((one, other) -> Arrays.compareUnsigned(one.getBytes(UTF_8), other.getBytes(UTF_8)));
    TreeFormatter tree = new TreeFormatter();
    for (String each : names) {
      Entry entry = here.get(each);
      if (entry == null) {
        String folder = each.substring(0, each.length() - 1);
        tree.append(
            folder, FileMode.TREE, tree(inserter, Objects.requireNonNull(folders.get(folder))));
      } else {
        ObjectId id =
            entry.mode().equals(FileMode.GITLINK)
                ? entry.id()
                : inserter.insert(Constants.OBJ_BLOB, entry.content().getBytes(UTF_8));
        tree.append(each, entry.mode(), id);
      }
    }
    return inserter.insert(tree);
  }

  /** Has the server keep an LFS object of this repository; returns the pointer. */
  String large(byte[] content, boolean onServer) {
    try {
      String oid = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
      if (onServer) {
        Path folder = GitService.lfsObjects(name);
        Files.createDirectories(folder);
        Files.write(folder.resolve(oid), content);
      }
      return "version https://git-lfs.github.com/spec/v1\noid sha256:"
          + oid
          + "\nsize "
          + content.length
          + "\n";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
