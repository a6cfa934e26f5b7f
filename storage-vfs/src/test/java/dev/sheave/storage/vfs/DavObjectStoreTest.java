package dev.sheave.storage.vfs;

import dev.sheave.storage.transfer.ObjectStore;
import dev.sheave.testkit.storage.ObjectStoreContract;
import org.junit.jupiter.api.Test;

class DavObjectStoreTest extends ObjectStoreContract {
  @Override
  protected ObjectStore openEmptyStore() {
    return (ObjectStore) WebDavService.block().openStore();
  }

  @Test
  void aFileIsRenamedUnlessItWouldReplaceAnother() {
    DavObjectStore store = (DavObjectStore) store();
    checkThatARenameReplacesNothing((from, to) -> store.rename(from, to, false));
  }
}
