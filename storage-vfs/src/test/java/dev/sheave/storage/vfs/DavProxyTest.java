package dev.sheave.storage.vfs;

import dev.sheave.storage.ReadableStorage;
import dev.sheave.testkit.storage.ProxyContract;

class DavProxyTest extends ProxyContract {
  @Override
  protected ReadableStorage openStorage(String url) throws Exception {
    return new DavTroubledServerTest().openStorage(url, "key-of-the-vfs-server");
  }
}
