package dev.sheave.storage.internal;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.internal.Folders;
import dev.sheave.internal.IoReason;
import dev.sheave.internal.OwnedTemporary;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A local folder that is deleted when it is closed.
 *
 * @param path its path
 */
public record TemporaryFolder(Path path) implements AutoCloseable {

  /** Creates a temporary folder. */
  public static TemporaryFolder make(String prefix) {
    try {
      return new TemporaryFolder(OwnedTemporary.createFolder(prefix));
    } catch (IOException e) {
      throw new SheaveException(
          Code.INTERNAL, "A temporary folder can't be created: " + IoReason.of(e) + ".", e);
    }
  }

  @Override
  public void close() {
    try {
      Folders.deleteAll(path);
    } catch (IOException e) {
      throw new SheaveException(
          Code.INTERNAL,
          "The temporary folder '" + path + "' can't be removed: " + IoReason.of(e, path) + ".",
          e);
    }
  }
}
