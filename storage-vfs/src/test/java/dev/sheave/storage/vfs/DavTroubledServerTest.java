package dev.sheave.storage.vfs;

import dev.sheave.storage.ReadableStorage;
import dev.sheave.testkit.storage.TroubledServerContract;
import java.util.Map;

class DavTroubledServerTest extends TroubledServerContract {
  @Override
  protected ReadableStorage openStorage(String url, String secret) {
    return WebDavService.block(
        url.replaceFirst("http", "webdav") + "/flows",
        Map.of("username", "marvin", "password", secret));
  }
}
