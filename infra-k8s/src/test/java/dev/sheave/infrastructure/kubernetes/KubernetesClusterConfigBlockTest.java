package dev.sheave.infrastructure.kubernetes;

import dev.sheave.block.Block;
import dev.sheave.block.SecretMap;
import dev.sheave.testkit.block.BlockContract;
import java.util.List;
import java.util.Map;

class KubernetesClusterConfigBlockTest extends BlockContract {
  @Override
  protected Block example() {
    return KubernetesClusterConfig.builder()
        .config(
            SecretMap.of(
                Map.of(
                    "users",
                    List.of(
                        Map.of(
                            "name", "marvin", "user", Map.of("token", "wJalrXUtnFEMIK7MDENG"))))))
        .contextName("heart-of-gold")
        .build();
  }
}
