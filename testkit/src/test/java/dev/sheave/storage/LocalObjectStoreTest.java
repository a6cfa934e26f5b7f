package dev.sheave.storage;

import dev.sheave.storage.transfer.ObjectStore;
import dev.sheave.testkit.storage.ObjectStoreContract;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class LocalObjectStoreTest extends ObjectStoreContract {
  @TempDir Path base;

  @Override
  protected ObjectStore openEmptyStore() {
    return new LocalObjectStore(base.resolve("store"));
  }
}
