package dev.sheave.storage.github;

import dev.sheave.storage.ReadableStorage;
import dev.sheave.testkit.storage.ProxyContract;

class GitHubProxyTest extends ProxyContract {
  @Override
  protected ReadableStorage openStorage(String url) throws Exception {
    return new GitHubTroubledServerTest().openStorage(url, "key-of-the-github-server");
  }
}
