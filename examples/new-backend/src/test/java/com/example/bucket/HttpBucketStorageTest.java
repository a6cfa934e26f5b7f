package com.example.bucket;

import dev.sheave.storage.WritableStorage;
import dev.sheave.testkit.storage.StorageContract;

class HttpBucketStorageTest extends StorageContract {
  @Override
  protected WritableStorage openEmptyStorage() {
    return BucketServer.bucket();
  }
}
