package dev.sheave.storage.vfs;

import dev.sheave.block.BlockProvider;
import dev.sheave.block.BlockTypeDescriptor;
import java.util.List;
import java.util.Set;

/** The block types of this module. */
public final class VfsBlockProvider implements BlockProvider {

  /** For {@link java.util.ServiceLoader}. */
  public VfsBlockProvider() {}

  @Override
  public List<BlockTypeDescriptor> types() {
    return List.of(
        new BlockTypeDescriptor(
            "remote-file-system",
            "Remote File System",
            Set.of("get-directory", "put-directory", "read-path", "write-path"),
            "dev.sheave.storage.vfs.RemoteFileSystem"));
  }
}
