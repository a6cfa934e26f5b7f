package com.example.bucket;

import dev.sheave.storage.WritableFileSystem;
import dev.sheave.testkit.storage.FileSystemContract;

class HttpBucketFileSystemTest extends FileSystemContract {
  @Override
  protected WritableFileSystem openEmptyFileSystem() {
    return BucketServer.bucket();
  }
}
