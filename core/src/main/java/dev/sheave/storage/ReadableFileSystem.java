package dev.sheave.storage;

import dev.sheave.block.Capability;
import dev.sheave.storage.transfer.RelativePath;
import java.io.ByteArrayInputStream;
import java.io.InputStream;

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

  /**
   * Opens a file of any size. The caller closes the stream. A file that breaks off while it is read
   * is an {@link java.io.IOException} of the stream.
   *
   * @throws dev.sheave.SheaveException {@code NOT_FOUND} if there is none, or it isn't a file
   */
  default InputStream openPath(RelativePath path) {
    return new ByteArrayInputStream(readPath(path));
  }

  /** Opens a file of any size, by its path's text. */
  default InputStream openPath(String path) {
    return openPath(RelativePath.of(path));
  }
}
