package dev.sheave.storage.vfs;

import dev.sheave.storage.WritableStorage;
import dev.sheave.testkit.storage.StorageContract;
import java.nio.file.Path;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.io.TempDir;

class OtherProviderStorageTest extends StorageContract {
  @TempDir Path temporary;

  @Override
  protected WritableStorage openEmptyStorage() {
    RemoteFileSystem block =
        RemoteFileSystem.builder()
            .basepath("disk://" + temporary + "/" + UUID.randomUUID())
            .build();
    return block;
  }

  @Override
  protected Set<String> waived() {
    return Set.of(
        "putsBesideEachOtherAllEndAndOneOfTheTreesIsWhole",
        "aPutOverWhatAnotherToolChangedPutsItRight");
  }
}
