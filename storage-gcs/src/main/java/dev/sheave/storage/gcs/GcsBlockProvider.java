package dev.sheave.storage.gcs;

import dev.sheave.block.BlockProvider;
import dev.sheave.block.BlockTypeDescriptor;
import java.util.List;
import java.util.Set;

/** The block types of this module. */
public final class GcsBlockProvider implements BlockProvider {

  /** For {@link java.util.ServiceLoader}. */
  public GcsBlockProvider() {}

  @Override
  public List<BlockTypeDescriptor> types() {
    return List.of(
        new BlockTypeDescriptor(
            "gcs",
            "GCS",
            Set.of("get-directory", "put-directory", "read-path", "write-path"),
            "dev.sheave.storage.gcs.GCS"));
  }
}
