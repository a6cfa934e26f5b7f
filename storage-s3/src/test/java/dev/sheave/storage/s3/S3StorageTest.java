package dev.sheave.storage.s3;

import dev.sheave.storage.WritableStorage;
import dev.sheave.testkit.storage.StorageContract;

class S3StorageTest extends StorageContract {
  @Override
  protected WritableStorage openEmptyStorage() {
    return S3Service.block().build();
  }
}
