package dev.sheave.testkit.storage;

import dev.sheave.storage.transfer.ObjectStore;

/** What tests are built on does what real stores do. */
class MemoryObjectStoreTest extends ObjectStoreContract {
  @Override
  protected ObjectStore openEmptyStore() {
    return new MemoryObjectStore();
  }
}
