package dev.sheave.storage.vfs;

import dev.sheave.storage.WritableStorage;
import dev.sheave.testkit.storage.StorageContract;

class SftpStorageTest extends StorageContract {
  @Override
  protected WritableStorage openEmptyStorage() {
    return SftpService.block();
  }
}
