package dev.sheave.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.StateType;
import dev.sheave.testkit.SmallDisk;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs whose home is on a disk that is too small for it, for a while or for good. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
@SuppressWarnings("try") // agents work while they are open
class FullHomeTest {
  @TempDir private Path directory;
  private Path disk = Path.of("");
  private @Nullable SmallDisk mounted;

  @BeforeEach
  void aSmallDisk() throws IOException {
    mounted = SmallDisk.mount(directory.resolve("disk"), 16);
    disk = mounted.path();
  }

  @AfterEach
  void unmount() {
    if (mounted != null) {
      mounted.detach(); // processes of runs may be on their last step
    }
  }

  private Path fill() throws IOException {
    Path filler = disk.resolve("filler");
    byte[] block = new byte[4096];
    try (OutputStream out = Files.newOutputStream(filler)) {
      while (true) {
        out.write(block);
      }
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("No space left");
    }
    return filler;
  }

  @Test
  void aDiskThatIsFullForAWhileLosesNothing() throws Exception {
    Path finished = directory.resolve("finished");
    try (Workshop workshop = new Workshop(disk)) {
      workshop.writeFlow(
          """
          for (int i = 0; i < 50; i++) {
            log.info("line {}", i);
            Thread.sleep(50);
          }
          new java.io.File("%s").createNewFile();
          return "whole";
          """
              .formatted(finished));
      UUID run = workshop.schedule(workshop.deploy());
      try (Agent agent = workshop.agent().start()) {
        workshop.awaitLine(run, "line 3");
        Path filler = fill();
        await().atMost(Duration.ofSeconds(30)).until(() -> Files.exists(finished));
        assertThat(workshop.stateOf(run).type()).isEqualTo(StateType.RUNNING);
        Files.delete(filler);
        workshop.awaitState(run, StateType.COMPLETED);
      }
      assertThat(workshop.stateOf(run).result()).contains("whole");
      assertThat(workshop.log(run).stream().filter(line -> line.startsWith("line ")).toList())
          .isEqualTo(IntStream.range(0, 50).mapToObj(i -> "line " + i).toList());
    }
  }

  @Test
  void aRunIsStartedWhenThereIsRoomAgain() throws Exception {
    try (Workshop workshop = new Workshop(disk)) {
      workshop.writeFlow("return 1;");
      UUID run = workshop.schedule(workshop.deploy());
      Path filler = fill();
      try (Agent agent = workshop.agent().start()) {
        await().during(Duration.ofSeconds(3)).until(() -> !workshop.stateOf(run).isTerminal());
        Files.delete(filler);
        workshop.awaitState(run, StateType.COMPLETED);
      }
    }
  }

  @Test
  void aFlowThatPrintsMoreThanTheHomeHoldsCompletes() throws Exception {
    FlowRunRecord run =
        outcomeOf(
            """
            String line = "x".repeat(1023);
            for (int i = 0; i < 20 * 1024; i++) {
              System.out.println(line);
            }
            return 1;
            """);

    assertThat(run.state().type()).isEqualTo(StateType.COMPLETED);
  }

  @Test
  void aFlowThatLogsMoreThanTheHomeHoldsSaysSoInItsState() throws Exception {
    FlowRunRecord run =
        outcomeOf(
            """
            for (int i = 0; i < 150_000; i++) {
              log.info("line {} of many, which is long enough to fill the disk in the end", i);
            }
            return 1;
            """);

    assertThat(run.state().type()).isIn(StateType.COMPLETED, StateType.CRASHED);
    assertThat(run.state().message()).contains("disk").contains("full");
  }

  private FlowRunRecord outcomeOf(String statements) {
    try (Workshop workshop = new Workshop(disk)) {
      workshop.writeFlow(statements);
      // a full home may be free again, and runs wait for it
      Map<String, @Nullable Object> overrides = Map.of("env.SHEAVE_RETRY_TIMEOUT", "PT20S");
      UUID run = workshop.schedule(workshop.deploy("TestFlow.java:run", null, overrides));
      try (Agent agent = workshop.agent().start()) {
        await()
            .atMost(Duration.ofMinutes(4))
            .pollInterval(Duration.ofMillis(200))
            .until(() -> workshop.stateOf(run).isTerminal());
      }
      return workshop.read(run);
    }
  }
}
