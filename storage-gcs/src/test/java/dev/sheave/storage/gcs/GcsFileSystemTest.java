package dev.sheave.storage.gcs;

import dev.sheave.storage.WritableFileSystem;
import dev.sheave.testkit.storage.FileSystemContract;

class GcsFileSystemTest extends FileSystemContract {
  @Override
  protected WritableFileSystem openEmptyFileSystem() {
    return GcsService.block().build();
  }
}
