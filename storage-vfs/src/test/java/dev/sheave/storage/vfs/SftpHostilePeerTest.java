package dev.sheave.storage.vfs;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.sheave.block.SecretMap;
import dev.sheave.storage.ReadableStorage;
import dev.sheave.testkit.storage.HostilePeerContract;
import dev.sheave.testkit.storage.Refusal;
import java.util.Map;

class SftpHostilePeerTest extends HostilePeerContract {
  @Override
  protected ReadableStorage openStorage(int port) {
    return RemoteFileSystem.builder()
        .basepath("sftp://127.0.0.1:" + port + "/a")
        .settings(SecretMap.of(Map.of("username", "u", "password", Refusal.CANARY)))
        .build();
  }

  @Override
  protected byte[] greeting() {
    return "SSH-2.0-hostile\r\n".getBytes(US_ASCII);
  }
}
