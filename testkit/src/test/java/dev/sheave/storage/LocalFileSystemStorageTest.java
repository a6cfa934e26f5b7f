package dev.sheave.storage;

import dev.sheave.testkit.storage.StorageContract;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class LocalFileSystemStorageTest extends StorageContract {
  @TempDir Path base;

  @Override
  protected WritableStorage openEmptyStorage() {
    return LocalFileSystem.builder().basepath(base.resolve("store")).build();
  }
}
