package dev.sheave.storage.vfs;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.sheave.storage.ReadableStorage;
import dev.sheave.testkit.storage.HostilePeerContract;
import java.util.Map;

class FtpHostilePeerTest extends HostilePeerContract {
  @Override
  protected ReadableStorage openStorage(int port) {
    return FtpService.block("ftp://127.0.0.1:" + port + "/a", Map.of());
  }

  @Override
  protected byte[] greeting() {
    return "220 hostile\r\n".getBytes(US_ASCII);
  }
}
