package dev.sheave.storage;

import dev.sheave.testkit.storage.KilledPutContract;
import java.nio.file.Path;
import java.util.Optional;

class LocalKilledPutTest extends KilledPutContract {
  @Override
  protected WritableStorage openStorage(String place) {
    return LocalFileSystem.builder().basepath(folder(place)).build();
  }

  @Override
  protected Optional<Path> directory(String place) {
    return Optional.of(folder(place));
  }

  private static Path folder(String place) {
    return Path.of("target", "killed-puts", place).toAbsolutePath();
  }
}
