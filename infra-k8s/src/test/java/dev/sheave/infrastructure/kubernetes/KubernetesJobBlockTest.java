package dev.sheave.infrastructure.kubernetes;

import dev.sheave.block.Block;
import dev.sheave.block.SecretMap;
import dev.sheave.testkit.block.BlockContract;
import java.util.List;
import java.util.Map;

class KubernetesJobBlockTest extends BlockContract {
  @Override
  protected Block example() {
    return KubernetesJob.builder()
        .env(Map.of("GREETING", "hello"))
        .labels(Map.of("team", "heart"))
        .name("marvin")
        .command(List.of("sh", "-c", "true"))
        .image("registry.example.com/flows:1.0")
        .namespace("flows")
        .serviceAccountName("marvin")
        .imagePullPolicy(ImagePullPolicy.NEVER)
        .clusterConfig(
            KubernetesClusterConfig.builder()
                .config(SecretMap.of(Map.of("token", "wJalrXUtnFEMIK7MDENG")))
                .contextName("heart-of-gold")
                .build())
        .job(
            Map.of(
                "apiVersion",
                "batch/v1",
                "kind",
                "Job",
                "spec",
                Map.of(
                    "template",
                    Map.of("spec", Map.of("containers", List.of(Map.of("name", "main")))))))
        .customizations(
            List.of(Map.of("op", "add", "path", "/metadata/annotations/team", "value", "heart")))
        .jobWatchTimeoutSeconds(3600)
        .podWatchTimeoutSeconds(120)
        .streamOutput(false)
        .finishedJobTtl(600)
        .cpuRequest("500m")
        .cpuLimit("1.5")
        .memoryRequest("512Mi")
        .memoryLimit("1Gi")
        .nodeSelector(Map.of("disk", "ssd"))
        .tolerations(List.of(Map.of("key", "gpu", "operator", "Exists")))
        .imagePullSecrets(List.of("registry"))
        .volumes(List.of("claim:data:/data:ro"))
        .podAnnotations(Map.of("team", "heart"))
        .activeDeadlineSeconds(7200)
        .onDisruption(OnDisruption.RESTART)
        .build();
  }
}
