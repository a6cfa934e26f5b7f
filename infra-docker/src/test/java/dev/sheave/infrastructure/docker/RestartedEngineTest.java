package dev.sheave.infrastructure.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sheave.infrastructure.ApiAccess;
import dev.sheave.infrastructure.Ended;
import dev.sheave.infrastructure.Ended.Kind;
import dev.sheave.infrastructure.RunRequest;
import dev.sheave.infrastructure.RunningInfrastructure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An engine of the test's own that keeps containers over its restarts, and is restarted. */
@Timeout(180)
class RestartedEngineTest {
  @TempDir Path folder;
  private final BlockingQueue<String> output = new LinkedBlockingQueue<>();
  private @Nullable Process engine;

  @AfterEach
  void stop() throws Exception {
    stopEngine();
    for (String line : Files.readAllLines(Path.of("/proc/self/mounts"))) {
      String mounted = line.split(" ")[1];
      if (mounted.startsWith(folder.toString())) { // such an engine leaves its folder mounted
        new ProcessBuilder("umount", "-l", mounted).start().waitFor();
      }
    }
  }

  private String host() {
    return "unix://" + folder.resolve("docker.sock");
  }

  private void startEngine() throws IOException, InterruptedException {
    engine =
        new ProcessBuilder(
                "dockerd",
                "--live-restore",
                "--data-root=" + folder.resolve("data"),
                "--exec-root=" + folder.resolve("exec"),
                "--pidfile=" + folder.resolve("docker.pid"),
                "--host=" + host(),
                // the bridge is that of all engines of the machine: without one, it would be
                // removed
                "--iptables=false",
                "--ip-masq=false",
                "--ip-forward=false")
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (docker("info") != 0) {
      assertThat(engine.isAlive()).as(Files.readString(folder.resolve("log"))).isTrue();
      assertThat(System.nanoTime()).as("the engine answers").isLessThan(deadline);
    }
  }

  private void stopEngine() throws InterruptedException {
    Process running = engine;
    if (running != null) {
      running.destroy();
      assertThat(running.waitFor(60, TimeUnit.SECONDS)).isTrue();
    }
  }

  private int docker(String... words) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("docker", "--host", host()));
    command.addAll(List.of(words));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }

  /** Brings the image of the tests' engine into this one. */
  private void copyImage() throws IOException, InterruptedException {
    List<Process> both =
        ProcessBuilder.startPipeline(
            List.of(
                new ProcessBuilder(
                    "docker", "--host", DockerService.host(), "save", DockerService.image()),
                new ProcessBuilder("docker", "--host", host(), "load")
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)));
    for (Process each : both) {
      assertThat(each.waitFor()).isZero();
    }
  }

  @Test
  void aRunGoesOnOverARestartOfItsEngineWithTheWholeLogOnceAndTheRightCode() throws Exception {
    DockerService.host(); // where there is none, there is none to start
    assumeTrue("root".equals(System.getProperty("user.name")), "an engine needs root");
    startEngine();
    copyImage();
    DockerContainer block =
        DockerContainer.builder()
            .dockerHost(host())
            .image(DockerService.image())
            .networkMode("none")
            .command(
                List.of("sh", "-c", "for i in $(seq 1 80); do echo $i; sleep 0.1; done; exit 7"))
            .build();
    RunningInfrastructure running =
        block.start(
            RunRequest.builder(UUID.randomUUID(), "owl", ApiAccess.to("https://sheave.test/api"))
                .output(output::add)
                .build());
    assertThat(output.poll(30, TimeUnit.SECONDS)).isEqualTo("1");

    stopEngine();
    startEngine();

    Ended ended = running.ended().toCompletableFuture().get(90, TimeUnit.SECONDS);
    assertThat(ended.kind()).isEqualTo(Kind.EXITED);
    assertThat(ended.exitCode()).hasValue(7);
    assertThat(output)
        .containsExactlyElementsOf(IntStream.rangeClosed(2, 80).mapToObj(String::valueOf).toList());
    running.remove();
  }
}
