package dev.sheave.storage.smb;

import dev.sheave.storage.transfer.ObjectStore;
import dev.sheave.testkit.storage.ObjectStoreContract;
import org.junit.jupiter.api.Test;

class SmbObjectStoreTest extends ObjectStoreContract {
  @Override
  protected ObjectStore openEmptyStore() {
    return SmbService.block().build().openStore();
  }

  @Override
  protected boolean isPossibleName(String name) {
    return name.chars().noneMatch(c -> "?*<>|\":".indexOf(c) >= 0);
  }

  @Test
  void aFileIsRenamedUnlessItWouldReplaceAnother() {
    SmbObjectStore store = (SmbObjectStore) store();
    checkThatARenameReplacesNothing((from, to) -> store.rename(from, to, false));
  }
}
