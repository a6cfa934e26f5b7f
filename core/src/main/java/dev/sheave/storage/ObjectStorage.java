package dev.sheave.storage;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.block.Block;
import dev.sheave.storage.transfer.DirectoryTransfer;
import dev.sheave.storage.transfer.FileTree;
import dev.sheave.storage.transfer.ObjectStore;
import dev.sheave.storage.transfer.RelativePath;
import dev.sheave.storage.transfer.TransferOptions;
import dev.sheave.storage.transfer.TransferSummary;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/** A storage block over an {@link ObjectStore}: all that a backend adds is how to open one. */
public abstract class ObjectStorage extends Block implements WritableStorage, WritableFileSystem {

  /** For the backend's block. */
  protected ObjectStorage() {}

  /**
   * Opens the store that this block's values describe. Nothing is asked of it yet.
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
      throw new SheaveException(
          Code.UNAVAILABLE, "'" + location(path) + "' could not be read: " + e.getMessage(), e);
    }
  }

  @Override
  public final String writePath(RelativePath path, byte[] content) {
    try (ObjectStore store = openStore()) {
      store.put(file(path), ObjectStore.Content.of(content), ObjectStore.Condition.NONE);
    }
    return location(path);
  }

  private RelativePath file(RelativePath path) {
    if (path.isRoot()) {
      throw new SheaveException(
          Code.INVALID, "'" + location(path) + "' is not a file: name one below it.");
    }
    return path;
  }
}
