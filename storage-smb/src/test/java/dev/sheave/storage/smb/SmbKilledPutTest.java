package dev.sheave.storage.smb;

import dev.sheave.storage.WritableStorage;
import dev.sheave.testkit.storage.KilledPutContract;
import java.nio.file.Path;
import java.util.Optional;

class SmbKilledPutTest extends KilledPutContract {
  @Override
  protected WritableStorage openStorage(String place) {
    return SmbService.at("/" + SmbService.variable("SMB_SHARE") + "/killed-puts/" + place).build();
  }

  @Override
  protected Optional<Path> directory(String place) {
    return Optional.of(Path.of(SmbService.variable("SMB_DIRECTORY"), "killed-puts", place));
  }
}
