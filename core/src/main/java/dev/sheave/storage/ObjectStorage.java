package dev.sheave.storage;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.block.Block;
import dev.sheave.internal.Arguments;
import dev.sheave.internal.OwnedTemporary;
import dev.sheave.storage.internal.BrokenRead;
import dev.sheave.storage.internal.TemporaryFolder;
import dev.sheave.storage.net.Bounds;
import dev.sheave.storage.transfer.DirectoryTransfer;
import dev.sheave.storage.transfer.FileTree;
import dev.sheave.storage.transfer.ObjectSource;
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
import java.util.function.Function;

/**
 * The base class of storage blocks that use an {@link ObjectStore}, or only an {@link
 * ObjectSource}; a backend only implements how to open one.
 */
public abstract class ObjectStorage extends Block implements WritableStorage, WritableFileSystem {
  private static final String PART_PREFIX = ".sheave-part-";

  /** For the backend's block. */
  protected ObjectStorage() {}

  /**
   * Opens the store that this block's values describe. No request is sent yet.
   *
   * @return an {@link ObjectStore}; else nothing can be written
   * @throws SheaveException {@code INVALID} if the values can't describe one
   */
  protected abstract ObjectSource openStore();

  /** Runs an operation on the store; the store's server isn't trusted. */
  private <T> T guarded(RelativePath path, Function<ObjectSource, T> operation) {
    return Bounds.guard(
        location(path),
        () -> {
          try (ObjectSource store = openStore()) {
            return operation.apply(store);
          }
        });
  }

  private <T> T writing(RelativePath path, Function<ObjectStore, T> operation) {
    return guarded(
        path,
        source -> {
          if (source instanceof ObjectStore store) {
            return operation.apply(store);
          }
          throw new SheaveException(Code.INVALID, "'" + location(path) + "' can only be read.");
        });
  }

  @Override
  public final TransferSummary getDirectory(
      RelativePath from, Path directory, TransferOptions options) {
    return guarded(from, store -> new DirectoryTransfer(store).get(from, directory, options));
  }

  @Override
  public final TransferSummary putDirectory(
      FileTree tree, RelativePath to, TransferOptions options) {
    return writing(to, store -> new DirectoryTransfer(store).put(tree, to, options));
  }

  @Override
  public final byte[] readPath(RelativePath path) {
    return guarded(
        path,
        store -> {
          try (InputStream in = store.get(file(path))) {
            return in.readAllBytes();
          } catch (IOException e) {
            throw BrokenRead.error(location(path), e);
          }
        });
  }

  @Override
  public final String writePath(RelativePath path, byte[] content) {
    Arguments.notNull(path, "path");
    Arguments.notNull(content, "content");
    return writing(
        path,
        store -> {
          store.put(file(path), ObjectStore.Content.of(content), ObjectStore.Condition.NONE);
          return location(path);
        });
  }

  @Override
  public final InputStream openPath(RelativePath path) {
    ObjectSource store = openStore();
    try {
      InputStream in = Bounds.guard(location(path), () -> store.get(file(path)));
      return new FilterInputStream(in) {
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
    return guarded(
        RelativePath.ROOT,
        store -> new StorageCheck(location(RelativePath.ROOT), StorageCheck.of(store).steps()));
  }

  /**
   * Lists the files below a path, in any order. Those that Sheave keeps for itself, and the marks
   * that other tools leave for folders, aren't among them.
   *
   * @param below where to look
   * @param sink receives the files; names are relative to the storage and not checked, so they may
   *     be hostile
   */
  public final void list(RelativePath below, Consumer<ObjectSource.StoredObject> sink) {
    guarded(
        below,
        store -> {
          new DirectoryTransfer(store).list(below, sink);
          return location(below);
        });
  }

  /**
   * Downloads one file, of any size. The target is complete or not written at all; an existing one
   * is replaced.
   *
   * @return how many bytes it has
   * @throws SheaveException {@code NOT_FOUND} if it doesn't exist
   */
  public final long getFile(RelativePath from, Path file) {
    Arguments.notNull(from, "from");
    Arguments.notNull(file, "file");
    Path target = file.toAbsolutePath();
    try (ObjectSource store = openStore();
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
    return writing(
        to,
        store -> {
          store.put(file(to), ObjectStore.Content.of(file), ObjectStore.Condition.NONE);
          return location(to);
        });
  }

  private RelativePath file(RelativePath path) {
    if (path.isRoot()) {
      throw new SheaveException(
          Code.INVALID, "'" + location(path) + "' isn't a file: name a file below it.");
    }
    return path;
  }
}
