package dev.sheave.storage.s3;

import dev.sheave.storage.transfer.ObjectStore;
import dev.sheave.testkit.storage.ObjectStoreContract;

class S3ObjectStoreTest extends ObjectStoreContract {
  @Override
  protected ObjectStore openEmptyStore() {
    return S3Service.block().build().openStore();
  }

  @Override
  protected int largeObjectBytes() {
    return (int) S3ObjectStore.MULTIPART_ABOVE_BYTES + 1;
  }
}
