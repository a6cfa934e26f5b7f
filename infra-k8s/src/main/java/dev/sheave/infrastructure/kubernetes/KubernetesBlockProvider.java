package dev.sheave.infrastructure.kubernetes;

import dev.sheave.block.BlockProvider;
import dev.sheave.block.BlockTypeDescriptor;
import java.util.List;
import java.util.Set;

/** The block types of this module. */
public final class KubernetesBlockProvider implements BlockProvider {

  /** For {@link java.util.ServiceLoader}. */
  public KubernetesBlockProvider() {}

  @Override
  public List<BlockTypeDescriptor> types() {
    return List.of(
        new BlockTypeDescriptor(
            "kubernetes-cluster-config",
            "Kubernetes Cluster Config",
            Set.of(),
            "dev.sheave.infrastructure.kubernetes.KubernetesClusterConfig"),
        new BlockTypeDescriptor(
            "kubernetes-job",
            "Kubernetes Job",
            Set.of("run-infrastructure"),
            "dev.sheave.infrastructure.kubernetes.KubernetesJob"));
  }
}
