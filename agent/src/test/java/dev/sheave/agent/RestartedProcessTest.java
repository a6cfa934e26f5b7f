package dev.sheave.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.api.State;
import dev.sheave.api.StateType;
import dev.sheave.infrastructure.InfrastructureBlock;
import dev.sheave.infrastructure.RunVariables;
import dev.sheave.runtime.FlowRunMain;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a run's process records that is asked to end. */
@Timeout(120)
@SuppressWarnings("try") // processes work while they are open
class RestartedProcessTest {
  @TempDir Path directory;
  private Workshop workshop;
  private UUID run;

  @BeforeEach
  void makeAPendingRun() {
    workshop = new Workshop(directory);
    workshop.writeFlow(
        """
        java.nio.file.Path calls = java.nio.file.Path.of("%s");
        if (java.nio.file.Files.exists(calls)) { return 1; }
        java.nio.file.Files.createFile(calls);
        log.info("started");
        while (true) { Thread.sleep(60_000); }
        """
            .formatted(directory.resolve("calls")));
    run = workshop.schedule(workshop.deploy());
    workshop.sheave.api().flowRuns().setFlowRunState(run, State.of(StateType.PENDING), false);
  }

  @AfterEach
  void close() {
    workshop.close();
  }

  private JavaProgram start(Map<String, String> more) throws Exception {
    Map<String, String> environment = new HashMap<>(more);
    environment.put(InfrastructureBlock.FLOW_RUN_ID, run.toString());
    environment.put("SHEAVE_HOME", workshop.home.toString());
    environment.put(RunVariables.CODE, workshop.code.toString());
    environment.put(RunVariables.ENTRYPOINT, "TestFlow.java:run");
    Path log = Files.createTempFile(directory, "process", ".log");
    return new JavaProgram("flow run", FlowRunMain.class, environment, List.of(), log.toFile());
  }

  private void terminate(JavaProgram process) throws Exception {
    workshop.awaitLine(run, "started");
    ProcessHandle handle = process.processes().get(0);
    assertThat(handle.destroy()).isTrue();
    handle.onExit().get(60, TimeUnit.SECONDS);
  }

  @Test
  void aSignalCrashesIt() throws Exception {
    try (JavaProgram process = start(Map.of())) {
      terminate(process);
    }

    assertThat(workshop.stateOf(run).type()).isEqualTo(StateType.CRASHED);
  }

  @Test
  void whatMayBeStartedAgainGoesOn() throws Exception {
    try (JavaProgram process = start(Map.of(RunVariables.RESTARTS, "true"))) {
      terminate(process);
      assertThat(workshop.stateOf(run).type()).isEqualTo(StateType.RUNNING);

      process.start();

      workshop.awaitState(run, StateType.COMPLETED);
    }
  }
}
