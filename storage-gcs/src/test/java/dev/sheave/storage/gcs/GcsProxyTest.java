package dev.sheave.storage.gcs;

import dev.sheave.storage.ReadableStorage;
import dev.sheave.testkit.storage.ProxyContract;

class GcsProxyTest extends ProxyContract {
  @Override
  protected ReadableStorage openStorage(String url) throws Exception {
    return new GcsTroubledServerTest().openStorage(url, "key-of-the-gcs-server");
  }
}
