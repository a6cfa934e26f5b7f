package dev.sheave.infrastructure.docker;

import dev.sheave.block.Block;
import dev.sheave.block.Secret;
import dev.sheave.testkit.block.BlockContract;
import java.time.Duration;
import java.util.List;
import java.util.Map;

class DockerContainerBlockTest extends BlockContract {
  @Override
  protected Block example() {
    return DockerContainer.builder()
        .env(Map.of("GREETING", "hello"))
        .labels(Map.of("team", "heart"))
        .name("marvin")
        .command(List.of("sh", "-c", "true"))
        .image("registry.example.com/flows:1.0")
        .imagePullPolicy(ImagePullPolicy.NEVER)
        .imageRegistry(
            DockerRegistry.builder()
                .username("marvin")
                .password(Secret.of("wJalrXUtnFEMI"))
                .registryUrl("https://registry.example.com")
                .reauth(true)
                .build())
        .networks(List.of("heart"))
        .networkMode("bridge")
        .autoRemove(false)
        .volumes(List.of("/data:/data:ro"))
        .streamOutput(false)
        .memLimit("512m")
        .memswapLimit("1g")
        .privileged(true)
        .cpus(1.5)
        .gpus("all")
        .entrypoint(List.of("/bin/sh"))
        .extraHosts(List.of("database:10.0.0.5"))
        .user("1000:1000")
        .readOnly(true)
        .tmpfs(List.of("/tmp:size=64m"))
        .shmSize("64m")
        .platform("linux/arm64")
        .stopGrace(Duration.ofSeconds(10))
        .dockerHost("tcp://docker.example.com:2376")
        .build();
  }
}
