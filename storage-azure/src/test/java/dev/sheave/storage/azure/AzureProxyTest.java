package dev.sheave.storage.azure;

import dev.sheave.storage.ReadableStorage;
import dev.sheave.testkit.storage.ProxyContract;

class AzureProxyTest extends ProxyContract {
  @Override
  protected ReadableStorage openStorage(String url) throws Exception {
    return new AzureTroubledServerTest().openStorage(url, "key-of-the-azure-server");
  }
}
