package dev.sheave.storage.vfs;

import dev.sheave.block.Block;
import dev.sheave.block.SecretMap;
import dev.sheave.testkit.block.BlockContract;
import java.util.Map;

class RemoteFileSystemBlockTest extends BlockContract {
  @Override
  protected Block example() {
    return RemoteFileSystem.builder()
        .basepath("sftp://my-host/flows")
        .settings(SecretMap.of(Map.of("username", "marvin-42", "password", "wJalrXUtnFEMI")))
        .build();
  }
}
