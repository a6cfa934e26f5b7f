package dev.sheave.storage.azure;

import dev.sheave.block.BlockProvider;
import dev.sheave.block.BlockTypeDescriptor;
import java.util.List;
import java.util.Set;

/** The block types of this module. */
public final class AzureBlockProvider implements BlockProvider {

  /** For {@link java.util.ServiceLoader}. */
  public AzureBlockProvider() {}

  @Override
  public List<BlockTypeDescriptor> types() {
    return List.of(
        new BlockTypeDescriptor(
            "azure",
            "Azure",
            Set.of("get-directory", "put-directory", "read-path", "write-path"),
            "dev.sheave.storage.azure.Azure"));
  }
}
