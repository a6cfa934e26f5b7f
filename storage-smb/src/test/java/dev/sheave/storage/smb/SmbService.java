package dev.sheave.storage.smb;

import dev.sheave.block.Secret;
import dev.sheave.testkit.RequiredService;
import java.util.UUID;

/** The SMB server of {@code bin/services start smb}. */
final class SmbService {
  private SmbService() {}

  /** A block at a place that nobody has used. */
  static SMB.Builder block() {
    return block(variable("SMB_SHARE"));
  }

  static SMB.Builder block(String share) {
    return at("/" + share + "/tests/" + UUID.randomUUID());
  }

  /** A block at a place. */
  static SMB.Builder at(String sharePath) {
    return SMB.builder()
        .sharePath(sharePath)
        .smbHost(variable("SMB_HOST"))
        .smbPort(Integer.valueOf(variable("SMB_PORT")))
        .smbUsername(Secret.of(variable("SMB_USER")))
        .smbPassword(Secret.of(variable("SMB_PASSWORD")));
  }

  static String variable(String name) {
    return RequiredService.variable("smb", name);
  }
}
