package dev.sheave.storage;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.block.Block;
import dev.sheave.internal.OwnedTemporary;
import dev.sheave.storage.internal.BrokenRead;
import dev.sheave.storage.internal.TemporaryFolder;
import dev.sheave.storage.transfer.DirectoryTransfer;
import dev.sheave.storage.transfer.FileTree;
import dev.sheave.storage.transfer.ObjectStore;
import dev.sheave.storage.transfer.RelativePath;
import dev.sheave.storage.transfer.TransferOptions;
import dev.sheave.storage.transfer.TransferSummary;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.function.Consumer;

/**
 * The base class of storage blocks that use an {@link ObjectStore}; a backend only implements how
 * to open one.
 */
public abstract class ObjectStorage extends Block implements WritableStorage, WritableFileSystem {
  private static final String PART_PREFIX = ".sheave-part-";

  /** For the backend's block. */
  protected ObjectStorage() {}

  /**
   * Opens the store that this block's values describe. No request is sent yet.
   *
   * @throws SheaveException {@code INVALID} if the values can't describe one
   */
  protected abstract ObjectStore openStore();

  @Override
  public final TransferSummary getDirectory(
      RelativePath from, Path directory, TransferOptions options) {
    try (ObjectStore store = openStore()) {
      return new DirectoryTransfer(store).get(from, directory, options);
    }
  }

  @Override
  public final TransferSummary putDirectory(
      FileTree tree, RelativePath to, TransferOptions options) {
    try (ObjectStore store = openStore()) {
      return new DirectoryTransfer(store).put(tree, to, options);
    }
  }

  @Override
  public final byte[] readPath(RelativePath path) {
    try (ObjectStore store = openStore();
        InputStream in = store.get(file(path))) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw BrokenRead.error(location(path), e);
    }
  }

  @Override
  public final String writePath(RelativePath path, byte[] content) {
    try (ObjectStore store = openStore()) {
      store.put(file(path), ObjectStore.Content.of(content), ObjectStore.Condition.NONE);
    }
    return location(path);
  }

  @Override
  public final InputStream openPath(RelativePath path) {
    ObjectStore store = openStore();
    try {
      return new FilterInputStream(store.get(file(path))) {
        @Override
        public void close() throws IOException {
          try (store) {
            super.close();
          }
        }
      };
    } catch (RuntimeException | Error e) {
      store.close();
      throw e;
    }
  }

  /** Keeps the content in a file meanwhile: stores ask for its size, and for it again. */
  @Override
  public final String writePath(RelativePath path, InputStream content) {
    try (TemporaryFolder folder = TemporaryFolder.make("sheave-write")) {
      Path file = folder.path().resolve("content");
      try {
        Files.copy(content, file);
      } catch (IOException e) {
        throw BrokenRead.ofContent(location(path), e);
      }
      return putFile(file, path);
    }
  }

  @Override
  public final StorageCheck check() {
    try (ObjectStore store = openStore()) {
      return new StorageCheck(location(RelativePath.ROOT), StorageCheck.of(store).steps());
    }
  }

  /**
   * Lists the files below a path, in any order. Those that Sheave keeps for itself, and the marks
   * that other tools leave for folders, aren't among them.
   *
   * @param below where to look
   * @param sink receives the files; names are relative to the storage and not checked, so they may
   *     be hostile
   */
  public final void list(RelativePath below, Consumer<ObjectStore.StoredObject> sink) {
    try (ObjectStore store = openStore()) {
      new DirectoryTransfer(store).list(below, sink);
    }
  }

  /**
   * Downloads one file, of any size. The target is complete or not written at all; an existing one
   * is replaced.
   *
   * @return how many bytes it has
   * @throws SheaveException {@code NOT_FOUND} if it doesn't exist
   */
  public final long getFile(RelativePath from, Path file) {
    Path target = file.toAbsolutePath();
    try (ObjectStore store = openStore();
        InputStream in = store.get(file(from))) {
      OwnedTemporary.removeDead(target.resolveSibling("."), PART_PREFIX);
      Path part = target.resolveSibling(OwnedTemporary.name(PART_PREFIX));
      try {
        long size = Files.copy(in, part);
        Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
        return size;
      } finally {
        Files.deleteIfExists(part);
      }
    } catch (IOException e) {
      throw new SheaveException(
          Code.UNAVAILABLE,
          "'" + location(from) + "' could not be fetched to '" + target + "': " + e + ".",
          e);
    }
  }

  /**
   * Uploads one file, of any size, replacing an existing one.
   *
   * @return where it is, as people write it
   */
  public final String putFile(Path file, RelativePath to) {
    try (ObjectStore store = openStore()) {
      store.put(file(to), ObjectStore.Content.of(file), ObjectStore.Condition.NONE);
    }
    return location(to);
  }

  private RelativePath file(RelativePath path) {
    if (path.isRoot()) {
      throw new SheaveException(
          Code.INVALID, "'" + location(path) + "' isn't a file: name a file below it.");
    }
    return path;
  }
}
