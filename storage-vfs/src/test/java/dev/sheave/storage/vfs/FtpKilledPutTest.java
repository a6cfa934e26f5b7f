package dev.sheave.storage.vfs;

import dev.sheave.storage.WritableStorage;
import dev.sheave.testkit.storage.KilledPutContract;
import java.nio.file.Path;
import java.util.Optional;

class FtpKilledPutTest extends KilledPutContract {
  @Override
  protected WritableStorage openStorage(String place) {
    return FtpService.block(
        "ftp://127.0.0.1:" + FtpService.variable("FTP_PORT") + "/killed-puts/" + place,
        FtpService.settings("ftp"));
  }

  @Override
  protected Optional<Path> directory(String place) {
    return Optional.of(Path.of(FtpService.variable("FTP_DIRECTORY"), "killed-puts", place));
  }
}
