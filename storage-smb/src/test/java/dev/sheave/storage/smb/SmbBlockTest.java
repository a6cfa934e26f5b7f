package dev.sheave.storage.smb;

import dev.sheave.block.Block;
import dev.sheave.block.Secret;
import dev.sheave.testkit.block.BlockContract;

class SmbBlockTest extends BlockContract {
  @Override
  protected Block example() {
    return SMB.builder()
        .sharePath("/share/flows")
        .smbHost("files.example.com")
        .smbPort(1445)
        .smbUsername(Secret.of("marvin-42"))
        .smbPassword(Secret.of("wJalrXUtnFEMI"))
        .smbDomain("HEART")
        .smbSigning(true)
        .build();
  }
}
