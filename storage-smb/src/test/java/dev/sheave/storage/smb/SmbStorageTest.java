package dev.sheave.storage.smb;

import dev.sheave.storage.WritableStorage;
import dev.sheave.testkit.storage.StorageContract;

class SmbStorageTest extends StorageContract {
  @Override
  protected WritableStorage openEmptyStorage() {
    return SmbService.block().build();
  }
}
