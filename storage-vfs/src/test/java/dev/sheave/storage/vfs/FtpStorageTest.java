package dev.sheave.storage.vfs;

import dev.sheave.storage.WritableStorage;
import dev.sheave.testkit.storage.StorageContract;
import java.util.Set;

class FtpStorageTest extends StorageContract {
  @Override
  protected WritableStorage openEmptyStorage() {
    return FtpService.block("ftp");
  }

  @Override
  protected Set<String> waived() {
    return Set.of(
        "putsBesideEachOtherAllEndAndOneOfTheTreesIsWhole",
        "aPutOverWhatAnotherToolChangedPutsItRight",
        "whatAnotherToolPutIsTakenAsItIs");
  }
}
