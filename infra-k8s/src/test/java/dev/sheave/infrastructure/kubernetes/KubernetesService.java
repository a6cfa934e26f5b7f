package dev.sheave.infrastructure.kubernetes;

import dev.sheave.block.SecretMap;
import dev.sheave.storage.backend.JsonText;
import dev.sheave.testkit.RequiredService;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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
    return as(Map.of("token", token));
  }

  /** The cluster, as a user whose entry in a kubeconfig is this. */
  static KubernetesClusterConfig as(Map<String, Object> user) {
    Map<String, Object> content = new LinkedHashMap<>(CONFIG.config().reveal());
    content.put("users", List.of(Map.of("name", "other", "user", user)));
    content.put(
        "contexts",
        List.of(
            Map.of("name", "other", "context", Map.of("cluster", "sheave-test", "user", "other"))));
    return KubernetesClusterConfig.builder()
        .config(SecretMap.of(content))
        .contextName("other")
        .build();
  }

  /** A token of a service account. */
  static String token(String namespace, String account) {
    String answer =
        cluster()
            .call(
                "create a token",
                api ->
                    api.raw(
                        "/api/v1/namespaces/"
                            + namespace
                            + "/serviceaccounts/"
                            + account
                            + "/token",
                        "POST",
                        Map.of(
                            "apiVersion",
                            "authentication.k8s.io/v1",
                            "kind",
                            "TokenRequest",
                            "spec",
                            Map.of("expirationSeconds", 600))));
    return value("token", answer);
  }

  private static String value(String key, String json) {
    Matcher value = Pattern.compile("\"" + key + "\" ?: ?\"([^\"]+)\"").matcher(json);
    if (!value.find()) {
      throw new IllegalStateException("there is no " + key);
    }
    return value.group(1);
  }

  /** A value of the cluster's own user, decoded. */
  static String ofUser(String key) {
    String value = value(key, JsonText.write(CONFIG.config().reveal()));
    return new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8);
  }
}
