package dev.sheave.storage.smb;

import dev.sheave.block.Secret;
import dev.sheave.storage.ReadableStorage;
import dev.sheave.testkit.storage.HostilePeerContract;
import dev.sheave.testkit.storage.Refusal;

class SmbHostilePeerTest extends HostilePeerContract {
  @Override
  protected ReadableStorage openStorage(int port) {
    return SMB.builder()
        .smbHost("127.0.0.1")
        .smbPort(port)
        .sharePath("share/a")
        .smbUsername(Secret.of("u"))
        .smbPassword(Secret.of(Refusal.CANARY))
        .build();
  }

  /** The head of an answer of 16 MB, and the mark of the protocol. */
  @Override
  protected byte[] greeting() {
    return new byte[] {0, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xfe, 'S', 'M', 'B'};
  }
}
