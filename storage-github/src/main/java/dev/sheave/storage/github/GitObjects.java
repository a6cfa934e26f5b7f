package dev.sheave.storage.github;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.storage.backend.FolderStore;
import dev.sheave.storage.backend.LocalFiles;
import dev.sheave.storage.transfer.TransferListener;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.dircache.DirCacheBuilder;
import org.eclipse.jgit.dircache.DirCacheEntry;
import org.eclipse.jgit.errors.ConfigInvalidException;
import org.eclipse.jgit.internal.storage.pack.PackWriter;
import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.NullProgressMonitor;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.StoredConfig;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;

/**
 * Writes the {@code .git} of a fetched commit: the commit without its history, as after {@code git
 * clone --depth 1}, and without credentials.
 */
final class GitObjects {
  private static final String OWN_SECTION = "sheave";

  private final GitHost.Fetched source;

  GitObjects(GitHost.Fetched source) {
    this.source = source;
  }

  /** Writes the {@code .git}. One that wasn't written by this class is kept. */
  void writeTo(Path directory, TransferListener listener) {
    Path target = directory.resolve(Constants.DOT_GIT);
    try {
      boolean there = Files.exists(target, LinkOption.NOFOLLOW_LINKS);
      if (there && !isOwn(target)) {
        listener.warning("'" + target + "' already exists, and is left as it was.");
        return;
      }
      Path staging = LocalFiles.temporary(directory, FolderStore.PART_PREFIX);
      try {
        make(staging);
        if (there) {
          delete(target);
        }
        Files.move(staging.resolve(Constants.DOT_GIT), target);
      } finally {
        delete(staging);
      }
    } catch (IOException | ConfigInvalidException e) {
      throw new SheaveException(
          Code.INTERNAL,
          "'"
              + target
              + "' can't be written: "
              + e.getMessage()
              + ". If it isn't needed, set include_git_objects to"
              + " false.",
          e);
    }
  }

  private static boolean isOwn(Path target) throws IOException, ConfigInvalidException {
    Path config = target.resolve(Constants.CONFIG);
    if (!Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS) || !Files.isRegularFile(config)) {
      return false;
    }
    Config own = new Config();
    own.fromText(Files.readString(config));
    return own.getBoolean(OWN_SECTION, "fetched", false);
  }

  private void make(Path workTree) throws IOException {
    Path target = workTree.resolve(Constants.DOT_GIT);
    Files.createDirectories(target);
    try (Repository made =
        new FileRepositoryBuilder()
            .setGitDir(target.toFile())
            .setWorkTree(workTree.toFile())
            .build()) {
      made.create(false);
      configure(made.getConfig());
      copyObjects(made, target);
      Files.writeString(target.resolve("shallow"), source.commit().name() + "\n");
      name(made);
      index(made);
    }
  }

  private void configure(StoredConfig config) throws IOException {
    config.unset("core", null, "worktree");
    config.setString("remote", "origin", "url", source.address().uri().toString());
    config.setString("remote", "origin", "fetch", "+refs/heads/*:refs/remotes/origin/*");
    String name = source.revision().name();
    if (name != null && name.startsWith(Constants.R_HEADS)) {
      String branch = name.substring(Constants.R_HEADS.length());
      config.setString("branch", branch, "remote", "origin");
      config.setString("branch", branch, "merge", name);
    }
    config.setBoolean(OWN_SECTION, null, "fetched", true);
    config.save();
  }

  private void copyObjects(Repository made, Path target) throws IOException {
    Path pack = target.resolve("pack");
    try (PackWriter writer = new PackWriter(source.repository())) {
      writer.setDeltaBaseAsOffset(true);
      // in the cache the commit has no parents
      writer.preparePack(NullProgressMonitor.INSTANCE, Set.of(source.revision().id()), Set.of());
      try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(pack))) {
        writer.writePack(NullProgressMonitor.INSTANCE, NullProgressMonitor.INSTANCE, out);
      }
    }
    try (InputStream in = new BufferedInputStream(Files.newInputStream(pack));
        ObjectInserter inserter = made.newObjectInserter()) {
      inserter.newPackParser(in).parse(NullProgressMonitor.INSTANCE);
    }
    Files.delete(pack);
  }

  /** Writes the branch or tag, and {@code HEAD}. */
  private void name(Repository made) throws IOException {
    String name = source.revision().name();
    if (name != null && name.startsWith(Constants.R_HEADS)) {
      set(made, name, source.commit());
      String remote = Constants.R_REMOTES + "origin/" + name.substring(Constants.R_HEADS.length());
      set(made, remote, source.commit());
      made.updateRef(Constants.HEAD).link(name);
      return;
    }
    if (name != null) {
      set(made, name, source.revision().id());
    }
    Files.writeString(
        made.getDirectory().toPath().resolve(Constants.HEAD), source.commit().name() + "\n", UTF_8);
  }

  private static void set(Repository made, String name, ObjectId id) throws IOException {
    RefUpdate update = made.updateRef(name);
    update.setNewObjectId(id);
    update.disableRefLog();
    update.forceUpdate();
  }

  private void index(Repository made) throws IOException {
    DirCache index = DirCache.lock(made.getIndexFile(), made.getFS());
    try {
      DirCacheBuilder builder = index.builder();
      builder.addTree(
          new byte[0], DirCacheEntry.STAGE_0, made.newObjectReader(), source.commit().getTree());
      builder.finish();
      index.write();
      index.commit();
    } finally {
      index.unlock();
    }
  }

  private static void delete(Path path) throws IOException {
    if (Files.notExists(path, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    List<Path> all;
    try (Stream<Path> found = Files.walk(path)) {
      all = found.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path each : all) {
      Files.deleteIfExists(each);
    }
  }
}
