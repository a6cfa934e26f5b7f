package dev.sheave.storage.vfs;

import dev.sheave.storage.transfer.ObjectStore;
import dev.sheave.testkit.storage.ObjectStoreContract;

class DavObjectStoreTest extends ObjectStoreContract {
  @Override
  protected ObjectStore openEmptyStore() {
    return (ObjectStore) WebDavService.block().openStore();
  }
}
