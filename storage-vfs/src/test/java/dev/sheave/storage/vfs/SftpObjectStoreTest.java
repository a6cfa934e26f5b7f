package dev.sheave.storage.vfs;

import dev.sheave.storage.transfer.ObjectStore;
import dev.sheave.testkit.storage.ObjectStoreContract;

class SftpObjectStoreTest extends ObjectStoreContract {
  @Override
  protected ObjectStore openEmptyStore() {
    return (ObjectStore) SftpService.block().openStore();
  }
}
