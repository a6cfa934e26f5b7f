package dev.sheave.storage;

import dev.sheave.block.Capability;
import dev.sheave.storage.transfer.RelativePath;

/** Storage that flows write files to: the capability {@code write-path}. */
@Capability("write-path")
public interface WritableFileSystem extends ReadableFileSystem {

  /**
   * Writes a whole file, replacing an existing one; missing folders are created.
   *
   * @return where it is, as people write it
   */
  String writePath(RelativePath path, byte[] content);

  /** Writes a whole file, by its path as a string. */
  default String writePath(String path, byte[] content) {
    return writePath(RelativePath.of(path), content);
  }
}
