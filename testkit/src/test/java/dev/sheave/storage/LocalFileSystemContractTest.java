package dev.sheave.storage;

import dev.sheave.testkit.storage.FileSystemContract;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class LocalFileSystemContractTest extends FileSystemContract {
  @TempDir Path base;

  @Override
  protected WritableFileSystem openEmptyFileSystem() {
    return LocalFileSystem.builder().basepath(base.resolve("store")).build();
  }
}
