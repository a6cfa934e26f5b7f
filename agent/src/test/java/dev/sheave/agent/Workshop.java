package dev.sheave.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sheave.Sheave;
import dev.sheave.api.DeploymentRecord;
import dev.sheave.api.DeploymentSpec;
import dev.sheave.api.FlowRunApi.LogLine;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.NewFlowRun;
import dev.sheave.api.Page;
import dev.sheave.api.State;
import dev.sheave.api.StateType;
import dev.sheave.block.Block;
import dev.sheave.block.SaveMode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A home with a store of its own, and what a test does with it: deploys flows, makes runs, and
 * looks what became of them.
 */
final class Workshop implements AutoCloseable {
  static final String QUEUE = "test";

  final Path home;
  final Path code;
  final Sheave sheave;

  Workshop(Path directory) {
    this(directory, Sheave.builder().home(directory.resolve("home")).connect());
  }

  /** Works by another connection, which it closes. */
  Workshop(Path directory, Sheave sheave) {
    this.home = directory.resolve("home");
    this.code = directory.resolve("code");
    this.sheave = sheave;
    try {
      Files.createDirectories(code);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes a file of the flow's code. */
  void write(String path, String text) {
    try {
      Path file = code.resolve(path);
      Files.createDirectories(file.resolveSibling("."));
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes a source file with one flow, {@code run}, of the given statements. */
  void writeFlow(String annotation, String statements) {
    write(
        "TestFlow.java",
        """
        import dev.sheave.flow.Flow;
        import dev.sheave.flow.FlowRunContext;
        import org.slf4j.Logger;
        import org.slf4j.LoggerFactory;

        public final class TestFlow {
          %s
          public static Object run() throws Exception {
            Logger log = FlowRunContext.current().logger();
            %s
          }
        }
        """
            .formatted(annotation, statements));
  }

  void writeFlow(String statements) {
    writeFlow("@Flow", statements);
  }

  /** Deploys the flow of {@link #writeFlow}. */
  DeploymentRecord deploy() {
    return deploy("TestFlow.java:run", null, Map.of());
  }

  /** Deploys the flow of {@link #writeFlow} for another queue. */
  DeploymentRecord deployTo(String queue) {
    return deploy("for-" + queue, queue, "TestFlow.java:run", null, Map.of(), null);
  }

  /** Deploys code that lies in the code directory. */
  DeploymentRecord deploy(
      String entrypoint, @Nullable UUID infrastructure, Map<String, @Nullable Object> overrides) {
    return deploy("here", QUEUE, entrypoint, infrastructure, overrides, null);
  }

  /** Saves a block, and returns its id. */
  UUID save(Block block, String name) {
    return sheave.blocks().save(block, name, SaveMode.OVERWRITE).identity().orElseThrow().id();
  }

  /** Deploys code that lies in the code directory, or in a storage. */
  DeploymentRecord deploy(
      String name, String entrypoint, UUID infrastructure, @Nullable UUID storage) {
    return deploy(name, QUEUE, entrypoint, infrastructure, Map.of(), storage);
  }

  private DeploymentRecord deploy(
      String name,
      String queue,
      String entrypoint,
      @Nullable UUID infrastructure,
      Map<String, @Nullable Object> overrides,
      @Nullable UUID storage) {
    UUID flow = sheave.api().deployments().createFlow("test-flow").id();
    return sheave
        .api()
        .deployments()
        .applyDeployment(
            DeploymentSpec.builder(name, flow)
                .workQueueName(queue)
                .infrastructureDocumentId(infrastructure)
                .infraOverrides(overrides)
                .storageDocumentId(storage)
                .path(storage == null ? code.toString() : "")
                .entrypoint(entrypoint)
                .build())
        .deployment();
  }

  /** Makes a run that is due now. */
  UUID schedule(DeploymentRecord deployment) {
    return schedule(deployment, Map.of());
  }

  UUID schedule(DeploymentRecord deployment, Map<String, @Nullable Object> parameters) {
    return sheave.api().flowRuns().createFlowRun(deployment.id(), NewFlowRun.now(parameters)).id();
  }

  Agent.Builder agent() {
    return agent(sheave);
  }

  /** An agent by another connection to the store. */
  Agent.Builder agent(Sheave connection) {
    return Agent.builder(connection).queues(QUEUE).pollInterval(Duration.ofMillis(200));
  }

  /** Deploys, runs once, and returns the run's final state. */
  FlowRunRecord runOnce() {
    UUID run = schedule(deploy());
    agent().build().runOnce();
    return read(run);
  }

  FlowRunRecord read(UUID run) {
    return sheave.api().flowRuns().readFlowRun(run);
  }

  State stateOf(UUID run) {
    return read(run).state();
  }

  void awaitState(UUID run, StateType type) {
    await()
        .atMost(Duration.ofMinutes(3))
        .pollInterval(Duration.ofMillis(50))
        .untilAsserted(
            () -> {
              State state = stateOf(run);
              assertThat(state.type()).as(String.valueOf(state.message())).isEqualTo(type);
            });
  }

  /** Waits until a run has written a line. */
  void awaitLine(UUID run, String text) {
    await()
        .atMost(Duration.ofMinutes(3))
        .pollInterval(Duration.ofMillis(50))
        .untilAsserted(() -> assertThat(log(run)).anyMatch(line -> line.contains(text)));
  }

  /** Returns the messages of a run's log. */
  List<String> log(UUID run) {
    List<String> messages = new ArrayList<>();
    Page page = Page.FIRST;
    while (true) {
      List<LogLine> lines = sheave.api().flowRuns().listLogs(run, null, page);
      lines.forEach(line -> messages.add(line.line().message()));
      if (lines.size() < page.limit()) {
        return messages;
      }
      page = page.next();
    }
  }

  @Override
  public void close() {
    sheave.close();
  }
}
