package dev.sheave.storage.s3;

import dev.sheave.storage.WritableFileSystem;
import dev.sheave.testkit.storage.FileSystemContract;

class S3FileSystemTest extends FileSystemContract {
  @Override
  protected WritableFileSystem openEmptyFileSystem() {
    return S3Service.block().build();
  }
}
