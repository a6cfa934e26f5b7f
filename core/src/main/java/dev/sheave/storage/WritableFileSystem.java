package dev.sheave.storage;

import dev.sheave.block.Capability;
import dev.sheave.storage.transfer.RelativePath;

/** Storage that flows write files to: the capability {@code write-path}. */
@Capability("write-path")
public interface WritableFileSystem extends ReadableFileSystem {

  /**
   * Writes a file whole, over one that is there; folders on the way are made.
   *
   * @return where it is, as people write it
   */
  String writePath(RelativePath path, byte[] content);

  /** Writes a file whole, by its path's text. */
  default String writePath(String path, byte[] content) {
    return writePath(RelativePath.of(path), content);
  }
}
