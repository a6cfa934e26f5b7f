package dev.sheave.storage.azure;

import dev.sheave.storage.WritableStorage;
import dev.sheave.testkit.storage.StorageContract;

class AzureStorageTest extends StorageContract {
  @Override
  protected WritableStorage openEmptyStorage() {
    return AzureService.block().build();
  }

  /** A page of a listing has 5,000; {@link AzureObjectStoreTest} reads smaller ones. */
  @Override
  protected int manyFiles() {
    return 200;
  }
}
