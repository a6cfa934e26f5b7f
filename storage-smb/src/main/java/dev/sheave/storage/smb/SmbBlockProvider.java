package dev.sheave.storage.smb;

import dev.sheave.block.BlockProvider;
import dev.sheave.block.BlockTypeDescriptor;
import java.util.List;
import java.util.Set;

/** The block types of this module. */
public final class SmbBlockProvider implements BlockProvider {

  /** For {@link java.util.ServiceLoader}. */
  public SmbBlockProvider() {}

  @Override
  public List<BlockTypeDescriptor> types() {
    return List.of(
        new BlockTypeDescriptor(
            "smb",
            "SMB",
            Set.of("get-directory", "put-directory", "read-path", "write-path"),
            "dev.sheave.storage.smb.SMB"));
  }
}
