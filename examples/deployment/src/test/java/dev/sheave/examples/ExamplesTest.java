package dev.sheave.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.Sheave;
import dev.sheave.agent.Agent;
import dev.sheave.api.FlowRunApi.LogLine;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.Page;
import dev.sheave.api.StateType;
import dev.sheave.block.Block;
import dev.sheave.deployment.Deployment;
import dev.sheave.deployment.DeploymentBuilder;
import dev.sheave.deployment.FlowRunHandle;
import dev.sheave.flow.Entrypoint;
import dev.sheave.storage.LocalFileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the examples: each is deployed, taken by an agent and run in a process of its own. */
class ExamplesTest {
  @TempDir Path folder;

  private Sheave sheave;
  private Block storage;

  @BeforeEach
  void connect() {
    sheave = Sheave.builder().home(folder.resolve("home")).connect();
    Sheave.use(sheave);
    storage =
        LocalFileSystem.builder()
            .basepath(folder.resolve("storage").toString())
            .build()
            .save("flows");
  }

  @AfterEach
  void close() {
    sheave.close();
  }

  @Test
  void aProgramDeploysTheLogFlowByItsMethodReference() {
    DeploymentBuilder logFlow =
        Deployment.buildFromFlow(LogFlow::logFlow, "log-simple")
            .parameters(Map.of("name", "Marvin"))
            .infraOverrides(Map.of("env", Map.of("SHEAVE_LOGGING_LEVEL", "DEBUG")))
            .storage(storage)
            .path("log-simple");

    FlowRunRecord run = runOf(logFlow, Map.of());

    assertThat(run.state().type()).isEqualTo(StateType.COMPLETED);
    assertThat(logOf(run)).contains("Hello Marvin!");
  }

  @Test
  void withoutStorageItsClassesAreKeptInTheHome() {
    FlowRunRecord run =
        runOf(Deployment.buildFromFlow(LogFlow::logFlow, "local"), Map.of("name", "Zaphod"));

    assertThat(run.state().type()).isEqualTo(StateType.COMPLETED);
    assertThat(logOf(run)).contains("Hello Zaphod!");
  }

  @Test
  void aFlowLoadsABlockThatIsNamedByAParameter() {
    LocalFileSystem.builder().basepath(folder.resolve("out").toString()).build().save("reports");

    FlowRunRecord run =
        runOf(
            Deployment.buildFromFlow(ReportFlow::report, "daily").storage(storage),
            Map.of("day", "2030-01-31"));

    assertThat(run.state().type()).as("%s", logOf(run)).isEqualTo(StateType.COMPLETED);
    assertThat(folder.resolve("out/reports/2030-01-31.txt"))
        .hasContent("All quiet on 2030-01-31\n");
  }

  @Test
  void theTutorialsFolderIsCompiledWhereItRunsWithItsHelperAndItsFile() {
    Path tutorial = Path.of("..", "log-flow");
    DeploymentBuilder logFlow =
        sheave
            .deployments()
            .buildFromDirectory(tutorial, Entrypoint.parse("./LogFlow.java:logFlow"), "source")
            .storage(storage);

    FlowRunRecord run = runOf(logFlow, Map.of("name", "Marvin"));

    assertThat(run.state().type()).as("%s", logOf(run)).isEqualTo(StateType.COMPLETED);
    assertThat(logOf(run)).contains("Hello Marvin!");
    assertThat(Files.exists(folder.resolve("storage/LogFlow.java"))).isTrue();
  }

  private FlowRunRecord runOf(
      DeploymentBuilder deployment, Map<String, ? extends @Nullable Object> parameters) {
    deployment.workQueueName("test").apply();
    FlowRunHandle run = deployment.build().run(parameters);
    try (Agent agent = Agent.builder(sheave).queues("test").build()) {
      agent.runOnce();
    }
    return run.await(Duration.ofSeconds(30));
  }

  private List<String> logOf(FlowRunRecord run) {
    return sheave.api().flowRuns().listLogs(run.id(), null, Page.FIRST).stream()
        .map((LogLine line) -> line.line().message())
        .toList();
  }
}
