package dev.sheave.storage.smb;

import dev.sheave.storage.WritableStorage;
import dev.sheave.testkit.storage.CutConnectionContract;

class SmbCutConnectionTest extends CutConnectionContract {
  private final SMB block = SmbService.block().build();

  @Override
  protected int port() {
    return Integer.parseInt(SmbService.variable("SMB_PORT"));
  }

  @Override
  protected WritableStorage openStorage(int port) {
    return block.toBuilder().smbHost("127.0.0.1").smbPort(port).build();
  }

  @Override
  protected String secret() {
    return SmbService.variable("SMB_PASSWORD");
  }
}
