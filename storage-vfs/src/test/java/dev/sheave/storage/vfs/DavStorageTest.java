package dev.sheave.storage.vfs;

import dev.sheave.storage.WritableStorage;
import dev.sheave.testkit.storage.StorageContract;

class DavStorageTest extends StorageContract {
  @Override
  protected WritableStorage openEmptyStorage() {
    return WebDavService.block();
  }
}
