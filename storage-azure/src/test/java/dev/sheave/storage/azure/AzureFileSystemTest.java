package dev.sheave.storage.azure;

import dev.sheave.storage.WritableFileSystem;
import dev.sheave.testkit.storage.FileSystemContract;

class AzureFileSystemTest extends FileSystemContract {
  @Override
  protected WritableFileSystem openEmptyFileSystem() {
    return AzureService.block().build();
  }
}
