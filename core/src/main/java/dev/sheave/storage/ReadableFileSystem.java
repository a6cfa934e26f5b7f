package dev.sheave.storage;

import dev.sheave.block.Capability;
import dev.sheave.storage.transfer.RelativePath;

/** Storage that flows read files from: the capability {@code read-path}. */
@Capability("read-path")
public interface ReadableFileSystem {

  /**
   * Reads a file whole.
   *
   * @throws dev.sheave.SheaveException {@code NOT_FOUND} if there is none, or it isn't a file
   */
  byte[] readPath(RelativePath path);

  /** Reads a file whole, by its path's text. */
  default byte[] readPath(String path) {
    return readPath(RelativePath.of(path));
  }
}
