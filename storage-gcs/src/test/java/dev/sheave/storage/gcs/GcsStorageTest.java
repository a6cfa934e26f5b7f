package dev.sheave.storage.gcs;

import dev.sheave.storage.WritableStorage;
import dev.sheave.testkit.storage.StorageContract;

class GcsStorageTest extends StorageContract {
  @Override
  protected WritableStorage openEmptyStorage() {
    return GcsService.block().build();
  }
}
