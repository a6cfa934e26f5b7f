package dev.sheave.storage.s3;

import dev.sheave.storage.ReadableStorage;
import dev.sheave.testkit.storage.ProxyContract;

class S3ProxyTest extends ProxyContract {
  @Override
  protected ReadableStorage openStorage(String url) throws Exception {
    return new S3TroubledServerTest().openStorage(url, "key-of-the-s3-server");
  }
}
