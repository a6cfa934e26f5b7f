package dev.sheave.storage.vfs;

import dev.sheave.storage.WritableFileSystem;
import dev.sheave.testkit.storage.FileSystemContract;

class SftpFileSystemTest extends FileSystemContract {
  @Override
  protected WritableFileSystem openEmptyFileSystem() {
    return SftpService.block();
  }
}
