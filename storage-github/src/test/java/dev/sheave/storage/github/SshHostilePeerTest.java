package dev.sheave.storage.github;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.sheave.storage.ReadableStorage;
import dev.sheave.testkit.storage.HostilePeerContract;

class SshHostilePeerTest extends HostilePeerContract {
  @Override
  protected ReadableStorage openStorage(int port) {
    return GitHub.builder().repository("ssh://git@127.0.0.1:" + port + "/a.git").build();
  }

  @Override
  protected byte[] greeting() {
    return "SSH-2.0-hostile\r\n".getBytes(US_ASCII);
  }
}
