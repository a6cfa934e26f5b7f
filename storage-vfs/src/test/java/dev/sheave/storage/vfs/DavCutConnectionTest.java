package dev.sheave.storage.vfs;

import dev.sheave.storage.WritableStorage;
import dev.sheave.testkit.storage.CutConnectionContract;

class DavCutConnectionTest extends CutConnectionContract {
  private final String place = WebDavService.place();

  @Override
  protected int port() {
    return Integer.parseInt(WebDavService.variable("WEBDAV_PORT"));
  }

  @Override
  protected WritableStorage openStorage(int port) {
    return WebDavService.block(
        "webdav://" + place.replaceFirst(":[0-9]+", ":" + port), WebDavService.settings());
  }

  @Override
  protected String secret() {
    return WebDavService.variable("WEBDAV_PASSWORD");
  }
}
