package dev.sheave.infrastructure.kubernetes;

import dev.sheave.block.SecretMap;
import dev.sheave.testkit.RequiredService;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The cluster of {@code bin/services start kubernetes}, or another that {@code KUBECONFIG} names.
 */
final class KubernetesService {
  private static final KubernetesClusterConfig CONFIG =
      KubernetesClusterConfig.fromFile(
          Path.of(RequiredService.variable("kubernetes", "KUBECONFIG")), null);

  private KubernetesService() {}

  /**
   * Returns when the cluster runs, which may have to be built: for what no test's timeout counts.
   */
  static void await() {
    CONFIG.config();
  }

  /** A block whose pods have a shell. */
  static KubernetesJob.Builder block() {
    return KubernetesJob.builder()
        .clusterConfig(CONFIG)
        .image(RequiredService.variable("kubernetes", "KUBERNETES_TEST_IMAGE"));
  }

  static Cluster cluster() {
    return Cluster.of(CONFIG);
  }

  /** The cluster, as somebody else. */
  static KubernetesClusterConfig as(String token) {
    Map<String, Object> content = new LinkedHashMap<>(CONFIG.config().reveal());
    content.put("users", List.of(Map.of("name", "other", "user", Map.of("token", token))));
    content.put(
        "contexts",
        List.of(
            Map.of("name", "other", "context", Map.of("cluster", "sheave-test", "user", "other"))));
    return KubernetesClusterConfig.builder()
        .config(SecretMap.of(content))
        .contextName("other")
        .build();
  }
}
