package dev.sheave.infrastructure.docker;

import dev.sheave.block.Block;
import dev.sheave.block.Secret;
import dev.sheave.testkit.block.BlockContract;

class DockerRegistryBlockTest extends BlockContract {
  @Override
  protected Block example() {
    return DockerRegistry.builder()
        .username("marvin")
        .password(Secret.of("wJalrXUtnFEMI"))
        .registryUrl("https://registry.example.com")
        .reauth(false)
        .build();
  }
}
