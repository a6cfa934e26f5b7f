package dev.sheave.storage;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.storage.transfer.ObjectStore;
import dev.sheave.storage.transfer.RelativePath;
import dev.sheave.testkit.storage.ObjectStoreContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalObjectStoreTest extends ObjectStoreContract {
  @TempDir Path base;

  @Override
  protected ObjectStore openEmptyStore() {
    return new LocalObjectStore(base.resolve("store"));
  }

  @Test
  void whatWouldBeBelowAFileIsNotFound() throws IOException {
    Files.writeString(Files.createDirectories(base.resolve("store")).resolve("a"), "ten");

    try (ObjectStore store = openEmptyStore()) {
      assertThatThrownBy(() -> store.get(RelativePath.of("a/b/c")))
          .asInstanceOf(InstanceOfAssertFactories.throwable(SheaveException.class))
          .extracting(SheaveException::code)
          .isEqualTo(Code.NOT_FOUND);
    }
  }
}
