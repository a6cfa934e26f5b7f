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
        return Config.autoConfigure(null);
      }
      Map<String, @Nullable Object> content = new LinkedHashMap<>(block.config().reveal());
      checkContext(content, "of the block", block.contextName());
      content.put("current-context", block.contextName());
      return Config.fromKubeconfig(JsonText.write(content));
    } catch (KubernetesClientException e) {
      throw new SheaveException(
          Code.INVALID,
          "The kubeconfig can't be used: "
              + ClusterErrors.line(String.valueOf(e.getMessage()))
              + ".",
          e);
    }
  }
}
