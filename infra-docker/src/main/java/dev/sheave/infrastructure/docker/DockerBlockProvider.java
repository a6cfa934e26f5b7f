package dev.sheave.infrastructure.docker;

import dev.sheave.block.BlockProvider;
import dev.sheave.block.BlockTypeDescriptor;
import java.util.List;
import java.util.Set;

/** The block types of this module. */
public final class DockerBlockProvider implements BlockProvider {

  /** For {@link java.util.ServiceLoader}. */
  public DockerBlockProvider() {}

  @Override
  public List<BlockTypeDescriptor> types() {
    return List.of(
        new BlockTypeDescriptor(
            "docker-container",
            "Docker Container",
            Set.of("run-infrastructure"),
            "dev.sheave.infrastructure.docker.DockerContainer"),
        new BlockTypeDescriptor(
            "docker-registry",
            "Docker Registry",
            Set.of(),
            "dev.sheave.infrastructure.docker.DockerRegistry"));
  }
}
