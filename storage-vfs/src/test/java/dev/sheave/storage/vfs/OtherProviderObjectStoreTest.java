package dev.sheave.storage.vfs;

import dev.sheave.storage.transfer.ObjectStore;
import dev.sheave.testkit.storage.ObjectStoreContract;
import java.nio.file.Path;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.io.TempDir;

class OtherProviderObjectStoreTest extends ObjectStoreContract {
  @TempDir Path temporary;

  @Override
  protected ObjectStore openEmptyStore() {
    RemoteFileSystem block =
        RemoteFileSystem.builder()
            .basepath("disk://" + temporary + "/" + UUID.randomUUID())
            .build();
    return (ObjectStore) block.openStore();
  }

  @Override
  protected Set<String> waived() {
    return Set.of("theVersionThatAPutTellsIsTheListings");
  }
}
