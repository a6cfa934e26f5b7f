package dev.sheave.infrastructure.docker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.infrastructure.ApiAccess;
import dev.sheave.infrastructure.Ended;
import dev.sheave.infrastructure.Ended.Kind;
import dev.sheave.infrastructure.RunRequest;
import dev.sheave.infrastructure.RunningInfrastructure;
import java.io.IOException;
import java.nio.file.Path;
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
  private @Nullable OwnEngine engine;

  @AfterEach
  void stop() throws Exception {
    if (engine != null) {
      engine.close();
    }
  }

  /** Brings the image of the tests' engine into this one. */
  private static void copyImage(String host) throws IOException, InterruptedException {
    List<Process> both =
        ProcessBuilder.startPipeline(
            List.of(
                new ProcessBuilder(
                    "docker", "--host", DockerService.host(), "save", DockerService.image()),
                new ProcessBuilder("docker", "--host", host, "load")
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)));
    for (Process each : both) {
      assertThat(each.waitFor()).isZero();
    }
  }

  @Test
  void aRunGoesOnOverARestartOfItsEngineWithTheWholeLogOnceAndTheRightCode() throws Exception {
    OwnEngine own = new OwnEngine(folder);
    engine = own;
    own.start();
    copyImage(own.host());
    DockerContainer block =
        DockerContainer.builder()
            .dockerHost(own.host())
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

    own.stop();
    own.start();

    Ended ended = running.ended().toCompletableFuture().get(90, TimeUnit.SECONDS);
    assertThat(ended.kind()).isEqualTo(Kind.EXITED);
    assertThat(ended.exitCode()).hasValue(7);
    assertThat(output)
        .containsExactlyElementsOf(IntStream.rangeClosed(2, 80).mapToObj(String::valueOf).toList());
    running.remove();
  }
}
