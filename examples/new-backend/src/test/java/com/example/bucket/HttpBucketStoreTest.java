package com.example.bucket;

import dev.sheave.storage.transfer.ObjectStore;
import dev.sheave.testkit.storage.ObjectStoreContract;

class HttpBucketStoreTest extends ObjectStoreContract {
  @Override
  protected ObjectStore openEmptyStore() {
    return BucketServer.bucket().openStore();
  }
}
