package dev.sheave.storage;

import dev.sheave.block.Capability;
import dev.sheave.storage.internal.BrokenRead;
import dev.sheave.storage.transfer.RelativePath;
import java.io.IOException;
import java.io.InputStream;

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

  /**
   * Writes a file of any size, over one that is there; folders on the way are made. The file is
   * there whole or not at all.
   *
   * @param content is read to its end, and stays open
   * @return where it is, as people write it
   * @throws dev.sheave.SheaveException {@code INVALID} if the content can't be read
   */
  default String writePath(RelativePath path, InputStream content) {
    try {
      return writePath(path, content.readAllBytes());
    } catch (IOException e) {
      throw BrokenRead.ofContent(path.toString(), e);
    }
  }

  /** Writes a file of any size, by its path's text. */
  default String writePath(String path, InputStream content) {
    return writePath(RelativePath.of(path), content);
  }
}
