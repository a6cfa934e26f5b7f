package dev.sheave.storage.vfs;

import dev.sheave.block.SecretMap;
import dev.sheave.storage.WritableStorage;
import dev.sheave.testkit.storage.KilledPutContract;
import java.nio.file.Path;
import java.util.Optional;

class SftpKilledPutTest extends KilledPutContract {
  @Override
  protected WritableStorage openStorage(String place) {
    return RemoteFileSystem.builder()
        .basepath(SftpService.server() + SftpService.directory() + "/killed-puts/" + place)
        .settings(SecretMap.of(SftpService.settings()))
        .build();
  }

  @Override
  protected Optional<Path> directory(String place) {
    return Optional.of(SftpService.directory().resolve("killed-puts").resolve(place));
  }
}
