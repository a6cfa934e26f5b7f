package dev.sheave.storage;

import dev.sheave.testkit.storage.KilledPutContract;
import java.nio.file.Path;

class LocalKilledPutTest extends KilledPutContract {
  @Override
  protected WritableStorage openStorage(String place) {
    return LocalFileSystem.builder()
        .basepath(Path.of("target", "killed-puts", place).toAbsolutePath())
        .build();
  }
}
