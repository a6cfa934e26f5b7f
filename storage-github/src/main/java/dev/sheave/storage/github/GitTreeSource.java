package dev.sheave.storage.github;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.storage.transfer.ObjectSource;
import dev.sheave.storage.transfer.RelativePath;
import dev.sheave.storage.transfer.TransferListener;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.eclipse.jgit.errors.LargeObjectException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectLoader;
import org.eclipse.jgit.lib.ObjectReader;
import org.jspecify.annotations.Nullable;

/** A read-only store of the files of a commit, its submodules and LFS. */
final class GitTreeSource implements ObjectSource {
  /** How many of the entries that are left out a warning names. */
  private static final int MAX_NAMED = 3;

  private final GitHost host;
  private final GitHost.Fetched source;
  private final String location;
  private final boolean lfs;
  private final @Nullable Submodules submodules;
  private final TransferListener listener;
  private final Map<RelativePath, Found> found = new ConcurrentHashMap<>();

  /**
   * A file of the commit.
   *
   * @param pointer the LFS pointer, if its content is an LFS object
   */
  private record Found(GitFolder.Entry entry, long size, @Nullable LfsPointer pointer) {}

  GitTreeSource(
      GitHost host,
      GitHost.Fetched source,
      String location,
      boolean withSubmodules,
      boolean lfs,
      TransferListener listener) {
    this.host = host;
    this.source = source;
    this.location = location;
    this.lfs = lfs;
    this.submodules = withSubmodules ? new Submodules(host) : null;
    this.listener = listener;
  }

  @Override
  public String location() {
    return location;
  }

  @Override
  public void list(RelativePath prefix, Consumer<StoredObject> sink) {
    Map<RelativePath, Found> files = new LinkedHashMap<>();
    try {
      GitWalk walk =
          new GitWalk(
              GitFolder.of(source),
              submodules,
              (path, entry) -> files.put(path, look(path, entry)));
      walk.walk(prefix);
      warn(walk);
    } catch (IOException | UncheckedIOException | LargeObjectException e) {
      throw unreadable(e);
    }
    fetchLarge(files);
    found.putAll(files);
    files.forEach(
        (path, file) ->
            sink.accept(
                new StoredObject(
                    path.toString(),
                    file.size(),
                    null,
                    file.entry().id().name(),
                    file.entry().mode().equals(FileMode.EXECUTABLE_FILE))));
  }

  private void warn(GitWalk walk) {
    if (!walk.leftOut().isEmpty()) {
      listener.warning(
          "The submodules of '"
              + location
              + "' were left out ("
              + String.join(", ", walk.leftOut())
              + "): set include_submodules to fetch them.");
    }
    List<String> unusable = walk.unusable();
    if (!unusable.isEmpty()) {
      listener.warning(
          unusable.size()
              + (unusable.size() == 1 ? " entry of '" : " entries of '")
              + location
              + (unusable.size() == 1 ? "' is left out: " : "' are left out: ")
              + String.join("; ", unusable.subList(0, Math.min(MAX_NAMED, unusable.size())))
                  .replaceAll("\\p{Cntrl}", "?")
              + (unusable.size() > MAX_NAMED ? "; and others." : "."));
    }
  }

  private Found look(RelativePath path, GitFolder.Entry entry) {
    // its size alone: a large file would be read whole
    try (ObjectReader objects = entry.folder().source().repository().newObjectReader()) {
      long size = objects.getObjectSize(entry.id(), Constants.OBJ_BLOB);
      if (lfs
          && size >= LfsPointer.MIN_BYTES
          && size <= LfsPointer.MAX_BYTES
          && entry.folder().isLfs(entry.name())) {
        Optional<LfsPointer> pointer =
            LfsPointer.parse(objects.open(entry.id(), Constants.OBJ_BLOB).getBytes());
        if (pointer.isPresent()) {
          return new Found(entry, pointer.get().size(), pointer.get());
        }
      }
      return new Found(entry, size, null);
    } catch (IOException e) {
      throw new UncheckedIOException("'" + path + "'", e);
    }
  }

  /** Fetches all LFS objects, before anything is written to the target. */
  private void fetchLarge(Map<RelativePath, Found> files) {
    Map<RepositoryAddress, Map<String, LfsPointer>> wanted = new LinkedHashMap<>();
    files.forEach(
        (path, file) -> {
          if (file.pointer() != null) {
            wanted
                .computeIfAbsent(
                    file.entry().folder().source().address(), key -> new LinkedHashMap<>())
                .put(path.toString(), file.pointer());
          }
        });
    wanted.forEach((address, pointers) -> new LfsObjects(address, host).fetch(pointers));
  }

  private static ObjectLoader open(GitFolder.Entry entry) throws IOException {
    return entry.folder().source().repository().open(entry.id(), Constants.OBJ_BLOB);
  }

  @Override
  public InputStream get(RelativePath key) {
    Found file = found.get(key);
    if (file == null) {
      throw new SheaveException(Code.NOT_FOUND, "'" + location + "/" + key + "' doesn't exist.");
    }
    try {
      return file.pointer() == null
          ? open(file.entry()).openStream()
          : Files.newInputStream(
              new LfsObjects(file.entry().folder().source().address(), host).file(file.pointer()));
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private SheaveException unreadable(Exception e) {
    return new SheaveException(
        Code.INTERNAL,
        "'" + location + "' can't be read from the cache (" + e.getMessage() + "): try again.",
        e);
  }

  @Override
  public void close() {
    if (submodules != null) {
      submodules.close();
    }
    source.close();
  }
}
