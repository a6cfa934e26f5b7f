package dev.sheave.storage;

import dev.sheave.block.Capability;
import dev.sheave.storage.transfer.RelativePath;

/** Storage that flows read files from: the capability {@code read-path}. */
@Capability("read-path")
public interface ReadableFileSystem {

  /**
   * Reads a whole file.
   *
   * @throws dev.sheave.SheaveException {@code NOT_FOUND} if it doesn't exist or isn't a file
   */
  byte[] readPath(RelativePath path);

  /** Reads a whole file, by its path as a string. */
  default byte[] readPath(String path) {
    return readPath(RelativePath.of(path));
  }
}
