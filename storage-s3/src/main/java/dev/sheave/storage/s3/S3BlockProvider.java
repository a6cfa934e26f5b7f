package dev.sheave.storage.s3;

import dev.sheave.block.BlockProvider;
import dev.sheave.block.BlockTypeDescriptor;
import java.util.List;
import java.util.Set;

/** The block types of this module. */
public final class S3BlockProvider implements BlockProvider {

  /** For {@link java.util.ServiceLoader}. */
  public S3BlockProvider() {}

  @Override
  public List<BlockTypeDescriptor> types() {
    return List.of(
        new BlockTypeDescriptor(
            "s3",
            "S3",
            Set.of("get-directory", "put-directory", "read-path", "write-path"),
            "dev.sheave.storage.s3.S3"));
  }
}
