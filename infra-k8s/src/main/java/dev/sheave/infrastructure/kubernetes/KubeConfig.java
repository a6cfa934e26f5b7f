package dev.sheave.infrastructure.kubernetes;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.block.SecretMap;
import dev.sheave.storage.backend.JsonText;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads kubeconfigs: of blocks, and those that kubectl uses. */
final class KubeConfig {
  private static final String EC_KEY = "BEGIN EC PRIVATE KEY";

  private KubeConfig() {}

  /** Makes a block of the text of a kubeconfig; see {@link KubernetesClusterConfig#fromFile}. */
  static KubernetesClusterConfig parse(String text, String what, @Nullable String contextName) {
    Map<String, @Nullable Object> content = Manifests.parse(text, "The kubeconfig " + what);
    Object context = contextName == null ? content.get("current-context") : contextName;
    if (!(context instanceof String name) || name.isBlank()) {
      throw new SheaveException(
          Code.INVALID, "The kubeconfig " + what + " has no current context; name one.");
    }
    checkContext(content, what, name);
    return KubernetesClusterConfig.builder()
        .config(SecretMap.of(content))
        .contextName(name)
        .build();
  }

  private static void checkContext(
      Map<String, @Nullable Object> content, String what, String context) {
    List<String> names =
        content.get("contexts") instanceof List<?> contexts
            ? contexts.stream()
                .map(each -> each instanceof Map<?, ?> map ? map.get("name") : null)
                .filter(Objects::nonNull)
                .map(Object::toString)
                .toList()
            : List.of();
    if (!names.contains(context)) {
      throw new SheaveException(
          Code.INVALID,
          "The kubeconfig "
              + what
              + " has no context '"
              + context
              + "'; it has "
              + (names.isEmpty() ? "none" : String.join(", ", names))
              + ".");
    }
  }

  /**
   * Returns the client's configuration.
   *
   * @param block null for that of kubectl: the files in {@code KUBECONFIG} or {@code
   *     ~/.kube/config}, and without them the account of the pod that this program is in
   */
  static Config of(@Nullable KubernetesClusterConfig block) {
    try {
      if (block == null) {
        return withKeyAlgorithm(Config.autoConfigure(null));
      }
      Map<String, @Nullable Object> content = new LinkedHashMap<>(block.config().reveal());
      checkContext(content, "of the block", block.contextName());
      content.put("current-context", block.contextName());
      Config config = withKeyAlgorithm(Config.fromKubeconfig(JsonText.write(content)));
      checkPlugIns(content, block.contextName(), config);
      return config;
    } catch (KubernetesClientException e) {
      throw unusable(ClusterErrors.line(String.valueOf(e.getMessage())), e);
    }
  }

  /** The client asks the cluster as nobody if a plug-in fails. */
  private static void checkPlugIns(
      Map<String, @Nullable Object> content, String contextName, Config config) {
    Object user = entry(content, "contexts", contextName, "context").get("user");
    if (entry(content, "users", user, "user").get("exec") instanceof Map<?, ?> plugIn
        && config.getAutoOAuthToken() == null
        && config.getOauthToken() == null
        && config.getClientCertData() == null) {
      throw new SheaveException(
          Code.INVALID,
          "The plug-in for credentials '"
              + plugIn.get("command")
              + "' of the kubeconfig gives none; execute it on this machine to see why.");
    }
  }

  /** Finds what a list of a kubeconfig has under a name; empty if it has nothing. */
  private static Map<?, ?> entry(
      Map<String, @Nullable Object> content, String list, @Nullable Object name, String key) {
    return content.get(list) instanceof List<?> all
        ? all.stream()
            .filter(each -> each instanceof Map<?, ?> map && Objects.equals(name, map.get("name")))
            .map(each -> ((Map<?, ?>) each).get(key))
            .filter(Map.class::isInstance)
            .map(each -> (Map<?, ?>) each)
            .findFirst()
            .orElse(Map.of())
        : Map.of();
  }

  static SheaveException unusable(String reason, Exception e) {
    return new SheaveException(Code.INVALID, "The kubeconfig can't be used: " + reason + ".", e);
  }

  /** The client takes the key that a plug-in says for one of RSA. */
  private static Config withKeyAlgorithm(Config config) {
    String key = config.getClientKeyData();
    if (key != null && key.contains(EC_KEY)) {
      config.setClientKeyAlgo("EC");
    }
    return config;
  }
}
