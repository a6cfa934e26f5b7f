package dev.sheave.cli.training;

import dev.sheave.Sheave;
import dev.sheave.api.DeploymentApi;
import dev.sheave.api.DeploymentSpec;
import dev.sheave.api.NewFlowRun;
import dev.sheave.block.SaveMode;
import dev.sheave.infrastructure.ProcessInfrastructure;
import dev.sheave.runtime.internal.ProcessLogging;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.slf4j.event.Level;

/**
 * Lets an agent start a run in a home of its own, while the virtual machine lists the classes that
 * are loaded. An agent runs for long, and an archive of no other classes takes the least of its
 * memory.
 */
public final class AgentTraining {
  /** Nothing listens there. */
  private static final String NOWHERE = "127.0.0.1:1";

  private static final String QUEUE = "training";

  private final Path home;

  private AgentTraining(Path home) {
    this.home = home;
  }

  /**
   * Does so.
   *
   * @param args a folder to do it in, in which {@code home} is this process's {@code SHEAVE_HOME}
   */
  public static void main(String[] args) {
    ProcessLogging.install(new PrintStream(OutputStream.nullOutputStream()), Level.WARN);
    Path folder = Path.of(args[0]);
    AgentTraining training = new AgentTraining(folder.resolve("home"));
    training.createRun(folder);
    training.sheave("", "agent", "start", "-q", QUEUE, "--run-once");
    training.sheave("", "agent", "ls");
    // the classes that connect
    training.sheave("jdbc:postgresql://" + NOWHERE + "/training", "agent", "ls");
    training.sheave("http://" + NOWHERE + "/api", "agent", "ls");
    System.exit(0); // ends threads that a library left running
  }

  private void createRun(Path folder) {
    try (Sheave sheave =
        Sheave.builder(Map.of())
            .home(home)
            .url("jdbc:sqlite:" + home.resolve("sheave.db"))
            .connect()) {
      UUID block =
          sheave
              .blocks()
              .save(
                  ProcessInfrastructure.builder().command(List.of("true")).build(),
                  QUEUE,
                  SaveMode.OVERWRITE)
              .identity()
              .orElseThrow()
              .id();
      DeploymentApi deployments = sheave.api().deployments();
      UUID deployment =
          deployments
              .applyDeployment(
                  DeploymentSpec.builder(QUEUE, deployments.createFlow(QUEUE).id())
                      .workQueueName(QUEUE)
                      .infrastructureDocumentId(block)
                      .path(folder.toString())
                      .entrypoint("Training.java:run")
                      .build())
              .deployment()
              .id();
      sheave.api().flowRuns().createFlowRun(deployment, NewFlowRun.now(Map.of()));
    }
  }

  private void sheave(String url, String... words) {
    Map<String, String> environment = new HashMap<>(Map.of("SHEAVE_HOME", home.toString()));
    if (!url.isEmpty()) {
      environment.put("SHEAVE_API_URL", url);
    }
    ServingTraining.sheave(environment, OutputStream.nullOutputStream(), words);
  }
}
