package dev.sheave.infrastructure.kubernetes;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Checks that a block's cluster lets its jobs be created, and has what it names. */
final class ClusterCheck {
  private final Cluster cluster;
  private final KubernetesJob block;
  private final JobManifest example;

  ClusterCheck(Cluster cluster, KubernetesJob block, JobManifest example) {
    this.cluster = cluster;
    this.block = block;
    this.example = example;
  }

  void run() {
    JobPreview.dryRun(cluster, example);
    String namespace = example.namespace(cluster);
    String account = block.serviceAccountName();
    if (account != null) {
      check(
          "service account",
          account,
          api -> api.serviceAccounts().inNamespace(namespace).withName(account).get());
    }
    for (String name : block.imagePullSecrets()) {
      check("secret", name, api -> api.secrets().inNamespace(namespace).withName(name).get());
    }
    for (String text : block.volumes()) {
      Map<String, @Nullable Object> source = JobFields.volume(text).source();
      if (source.get("secret") instanceof Map<?, ?> secret) {
        String name = String.valueOf(secret.get("secretName"));
        check("secret", name, api -> api.secrets().inNamespace(namespace).withName(name).get());
      } else if (source.get("configMap") instanceof Map<?, ?> map) {
        String name = String.valueOf(map.get("name"));
        check(
            "config map",
            name,
            api -> api.configMaps().inNamespace(namespace).withName(name).get());
      } else if (source.get("persistentVolumeClaim") instanceof Map<?, ?> claim) {
        String name = String.valueOf(claim.get("claimName"));
        check(
            "claim",
            name,
            api -> api.persistentVolumeClaims().inNamespace(namespace).withName(name).get());
      }
    }
  }

  /** Who may not read it isn't told that it is missing. */
  private void check(
      String kind, String name, Function<KubernetesClient, @Nullable Object> request) {
    try {
      if (cluster.find("show the " + kind + " '" + name + "'", request).isEmpty()) {
        throw new SheaveException(
            Code.NOT_FOUND,
            "The "
                + kind
                + " '"
                + name
                + "' doesn't exist in the namespace '"
                + example.namespace(cluster)
                + "'.");
      }
    } catch (SheaveException e) {
      if (e.code() != Code.PERMISSION_DENIED) {
        throw e;
      }
    }
  }
}
