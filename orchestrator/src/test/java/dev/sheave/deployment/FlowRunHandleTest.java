package dev.sheave.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sheave.Sheave;
import dev.sheave.api.FlowRunApi.LogLine;
import dev.sheave.api.FlowRunApi.NewLogLine;
import dev.sheave.api.LogLevel;
import dev.sheave.api.State;
import dev.sheave.api.StateType;
import dev.sheave.flow.Flow;
import dev.sheave.flow.FlowMethods;
import dev.sheave.flow.Param;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a program does with a run that it has made. */
class FlowRunHandleTest {

  /** A flow. */
  public static class Flows {
    @Flow
    @SuppressWarnings("unused")
    public static int add(@Param("a") int a, @Param("b") int b) {
      return a + b;
    }
  }

  @TempDir Path folder;
  private Sheave sheave;
  private Deployment deployment;

  @BeforeEach
  void deploy() {
    sheave = Sheave.builder().home(folder.resolve("home")).connect();
    deployment =
        sheave
            .deployments()
            .buildFromFlow(FlowMethods.find(Flows.class, "add"), "here")
            .sourceDirectory(folder)
            .parameter("a", 1)
            .parameter("b", 2)
            .tags("one", "two")
            .build();
    deployment.apply();
  }

  @AfterEach
  void close() {
    sheave.close();
  }

  @Test
  void parametersAndTagsAreSetOneByOne() {
    assertThat(deployment.parameters()).isEqualTo(Map.of("a", 1, "b", 2));
    assertThat(deployment.tags()).containsExactly("one", "two");
    assertThat(deployment.run().created().parameters()).isEqualTo(Map.of("a", 1, "b", 2));
  }

  @Test
  void aRunThatHasEndedGivesItsResultAsAValue() {
    FlowRunHandle run = deployment.run();
    sheave
        .api()
        .flowRuns()
        .setFlowRunState(run.id(), State.of(StateType.COMPLETED).withResult(3), true);

    assertThat((int) run.await(Duration.ofSeconds(10)).result(int.class)).isEqualTo(3);
    assertThat(run.state().type()).isEqualTo(StateType.COMPLETED);
  }

  @Test
  void aRunThatNothingExecutesIsCancelledAtOnceAndOnce() {
    FlowRunHandle run = deployment.run();

    assertThat(run.cancel().type()).isEqualTo(StateType.CANCELLED);
    assertThat(run.state().type()).isEqualTo(StateType.CANCELLED);
    assertThatThrownBy(run::cancel).hasMessageContaining("unable to be cancelled");
  }

  @Test
  void allLinesOfTheLogAreThere() {
    FlowRunHandle run = deployment.run();
    List<NewLogLine> lines =
        IntStream.range(0, 450)
            .mapToObj(
                i -> new NewLogLine(run.id(), "test", LogLevel.INFO, "line " + i, Instant.now()))
            .toList();
    sheave.api().flowRuns().createLogs(lines);

    assertThat(run.logs())
        .extracting(LogLine::line)
        .extracting(NewLogLine::message)
        .hasSize(450)
        .startsWith("line 0")
        .endsWith("line 449");
  }
}
