package dev.sheave.storage.vfs;

import dev.sheave.storage.transfer.ObjectStore;
import dev.sheave.testkit.storage.ObjectStoreContract;
import java.util.Set;

class FtpsObjectStoreTest extends ObjectStoreContract {
  @Override
  protected ObjectStore openEmptyStore() {
    return (ObjectStore) FtpService.block("ftps").openStore();
  }

  @Override
  protected Set<String> waived() {
    return Set.of("theVersionThatAPutTellsIsTheListings");
  }
}
