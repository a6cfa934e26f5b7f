package dev.sheave.storage;

import dev.sheave.testkit.storage.KilledGetContract;
import java.nio.file.Path;

class LocalKilledGetTest extends KilledGetContract {
  @Override
  protected WritableStorage openStorage(String place) {
    return LocalFileSystem.builder()
        .basepath(Path.of("target", "killed-gets", place).toAbsolutePath())
        .build();
  }
}
