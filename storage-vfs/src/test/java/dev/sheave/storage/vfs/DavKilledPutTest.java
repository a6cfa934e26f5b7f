package dev.sheave.storage.vfs;

import dev.sheave.storage.WritableStorage;
import dev.sheave.testkit.storage.KilledPutContract;
import java.nio.file.Path;
import java.util.Optional;

class DavKilledPutTest extends KilledPutContract {
  @Override
  protected WritableStorage openStorage(String place) {
    return WebDavService.block(
        "webdav://127.0.0.1:" + WebDavService.variable("WEBDAV_PORT") + "/killed-puts/" + place,
        WebDavService.settings());
  }

  @Override
  protected Optional<Path> directory(String place) {
    return Optional.of(Path.of(WebDavService.variable("WEBDAV_DIRECTORY"), "killed-puts", place));
  }
}
