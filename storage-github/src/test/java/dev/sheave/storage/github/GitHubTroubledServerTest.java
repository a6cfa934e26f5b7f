package dev.sheave.storage.github;

import dev.sheave.block.Secret;
import dev.sheave.storage.ReadableStorage;
import dev.sheave.testkit.storage.TroubledServerContract;

class GitHubTroubledServerTest extends TroubledServerContract {
  /** A token is sent over TLS alone. */
  @Override
  protected ReadableStorage openStorage(String url, String secret) {
    GitHub.Builder block = GitHub.builder().repository(url + "/org/name");
    return url.startsWith("https:") ? block.accessToken(Secret.of(secret)).build() : block.build();
  }
}
