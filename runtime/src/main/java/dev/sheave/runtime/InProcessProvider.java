package dev.sheave.runtime;

import dev.sheave.block.BlockProvider;
import dev.sheave.block.BlockTypeDescriptor;
import java.util.List;
import java.util.Set;

/** The block type of this module. */
public final class InProcessProvider implements BlockProvider {

  /** For {@link java.util.ServiceLoader}. */
  public InProcessProvider() {}

  @Override
  public List<BlockTypeDescriptor> types() {
    return List.of(
        new BlockTypeDescriptor(
            "in-process",
            "In Process",
            Set.of("run-infrastructure"),
            "dev.sheave.runtime.InProcessInfrastructure"));
  }
}
