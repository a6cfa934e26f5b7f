package dev.sheave.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sheave.Sheave;
import dev.sheave.api.AgentApi;
import dev.sheave.api.FlowRunApi.FlowRunUpdate;
import dev.sheave.api.FlowRunFilter;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.FlowRunRecord.CreatedBy;
import dev.sheave.api.Page;
import dev.sheave.api.State;
import dev.sheave.api.StateDetails;
import dev.sheave.api.StateType;
import dev.sheave.api.WorkQueueApi.WorkQueueUpdate;
import dev.sheave.deployment.Deployment;
import dev.sheave.deployment.FlowRunHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Agents, their runs and their processes, and what becomes of the others when one of them ends. */
@Timeout(120)
@SuppressWarnings("try") // agents work while they are open
class AgentLifeTest {
  private static final String ENDLESS =
      "log.info(\"started\"); while (true) { Thread.sleep(60_000); }";

  @TempDir Path directory;
  private Workshop workshop;

  @BeforeEach
  void open() {
    workshop = new Workshop(directory);
  }

  @AfterEach
  void close() {
    workshop.close();
  }

  private ProcessHandle processOf(UUID run) {
    String pid = Objects.requireNonNull(workshop.read(run).infrastructurePid());
    return ProcessHandle.of(Long.parseLong(pid.substring(pid.lastIndexOf(':') + 1))).orElseThrow();
  }

  private static void awaitEnd(ProcessHandle process) {
    await().atMost(Duration.ofSeconds(30)).until(() -> !process.isAlive());
  }

  @Test
  void anEndlessFlowIsCancelled() {
    workshop.writeFlow(ENDLESS);
    UUID run = workshop.schedule(workshop.deploy());

    try (Agent agent = workshop.agent().start()) {
      workshop.awaitLine(run, "started");
      ProcessHandle process = processOf(run);
      workshop.sheave.api().flowRuns().setFlowRunState(run, State.of(StateType.CANCELLING), false);
      workshop.awaitState(run, StateType.CANCELLED);
      assertThat(process.isAlive()).isFalse();
    }
    assertThat(workshop.stateOf(run).type()).isEqualTo(StateType.CANCELLED);
  }

  @Test
  void aRunWhoseProcessIsKilledCrashes() {
    workshop.writeFlow(ENDLESS);
    UUID run = workshop.schedule(workshop.deploy());

    try (Agent agent = workshop.agent().start()) {
      workshop.awaitLine(run, "started");
      assertThat(processOf(run).destroyForcibly()).isTrue();
      workshop.awaitState(run, StateType.CRASHED);
    }
    assertThat(workshop.stateOf(run).message())
        .startsWith(
            "Flow run infrastructure exited with non-zero status code 137. This indicates that the"
                + " process exited due to a SIGKILL signal.");
  }

  @Test
  void nothingIsLeftOfARunThatIsDeletedWhileItRuns() {
    workshop.writeFlow(ENDLESS);
    UUID run = workshop.schedule(workshop.deploy());

    try (Agent agent = workshop.agent().start()) {
      workshop.awaitLine(run, "started");
      ProcessHandle process = processOf(run);
      workshop.sheave.api().flowRuns().deleteFlowRun(run);
      process.destroyForcibly();
      await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(() -> assertThat(workshop.home.resolve("runs")).isEmptyDirectory());
    }
  }

  @Test
  void aRestartedAgentHasTheNameOfTheKilledOne() throws Exception {
    workshop.writeFlow("return 1;");
    Process killed = AgentProgram.start(workshop.home);
    AgentApi agents = workshop.sheave.api().agents();
    await().atMost(Duration.ofSeconds(60)).until(() -> !agents.listAgents(Page.FIRST).isEmpty());
    String name = agents.listAgents(Page.FIRST).get(0).profile().name();
    killed.destroyForcibly().waitFor();
    UUID run = workshop.schedule(workshop.deploy());

    try (Agent next = workshop.agent().name(name).build()) {
      next.runOnce();
    }

    assertThat(workshop.stateOf(run).type()).isEqualTo(StateType.COMPLETED);
  }

  @Test
  void aRunOutlivesItsKilledAgent() throws Exception {
    workshop.writeFlow(
        """
        for (int i = 0; i < 30; i++) {
          log.info("line {}", i);
          Thread.sleep(100);
        }
        return "whole";
        """);
    UUID run = workshop.schedule(workshop.deploy());

    Process agent = AgentProgram.start(workshop.home);
    workshop.awaitLine(run, "line 3");
    agent.destroyForcibly().waitFor();
    try (Agent next = workshop.agent().start()) {
      workshop.awaitState(run, StateType.COMPLETED);
    }

    assertThat(workshop.log(run).stream().filter(line -> line.startsWith("line ")).toList())
        .hasSize(30);
  }

  @Test
  void theNextAgentShowsTheRestOfTheOutputAndRecordsTheExitCode() throws Exception {
    Path go = directory.resolve("go");
    workshop.writeFlow(
        """
        for (int i = 0; i < 30; i++) {
          System.out.println("tick " + i);
          while (i > 9 && !java.nio.file.Files.exists(java.nio.file.Path.of("%s"))) {
            Thread.sleep(20);
          }
        }
        Runtime.getRuntime().halt(7);
        return null;
        """
            .formatted(go));
    UUID run = workshop.schedule(workshop.deploy());
    Path position = workshop.home.resolve("output-positions").resolve(run.toString());
    Process agent = AgentProgram.start(workshop.home);
    Path printed = workshop.home.resolve("runs").resolve(run + "-1").resolve("output.log");
    await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () ->
                Files.exists(printed)
                    && Files.readString(printed).contains("tick 1\n")
                    && !Files.readString(position).isBlank() // noted after the first line
                    && Long.parseLong(Files.readString(position).strip())
                        > Files.readString(printed).indexOf("tick 1\n"));
    agent.destroyForcibly().waitFor();
    Files.createFile(go);

    List<String> output = new CopyOnWriteArrayList<>();
    try (Agent next = workshop.agent().output(output::add).start()) {
      workshop.awaitState(run, StateType.CRASHED);
    }

    assertThat(workshop.stateOf(run).message())
        .isEqualTo("Flow run infrastructure exited with non-zero status code 7.");
    List<String> ticks = output.stream().filter(line -> line.startsWith("tick ")).toList();
    int first = 30 - ticks.size();
    assertThat(first).isPositive();
    assertThat(ticks).isEqualTo(IntStream.range(first, 30).mapToObj(i -> "tick " + i).toList());
    assertThat(position).doesNotExist();
  }

  @Test
  void theNextAgentRemovesWhatOneThatWasKilledLeftOfARunThatHadEnded() throws Exception {
    Path go = directory.resolve("go");
    workshop.writeFlow(
        """
        log.info("started");
        while (!java.nio.file.Files.exists(java.nio.file.Path.of("%s"))) { Thread.sleep(20); }
        return 1;
        """
            .formatted(go));
    UUID run = workshop.schedule(workshop.deploy());
    Process agent = AgentProgram.start(workshop.home);
    workshop.awaitLine(run, "started");
    ProcessHandle process = processOf(run);
    new ProcessBuilder("kill", "-STOP", Long.toString(agent.pid())).start().waitFor();
    Files.createFile(go);
    workshop.awaitState(run, StateType.COMPLETED);
    awaitEnd(process);
    agent.destroyForcibly().waitFor();
    Path note = workshop.home.resolve("output-positions").resolve(run.toString());
    assertThat(workshop.home.resolve("runs")).isNotEmptyDirectory();
    Files.setLastModifiedTime(note, FileTime.from(Instant.now().minusSeconds(120)));

    try (Agent next = workshop.agent().start()) {
      await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(() -> assertThat(workshop.home.resolve("runs")).isEmptyDirectory());
      await().atMost(Duration.ofSeconds(60)).until(() -> !Files.exists(note));
    }
  }

  @Test
  void theNextAgentEndsRunsWhoseAgentAndProcessAreGone() throws Exception {
    workshop.writeFlow(ENDLESS);
    UUID run = workshop.schedule(workshop.deploy());
    Process agent = AgentProgram.start(workshop.home);
    workshop.awaitLine(run, "started");
    ProcessHandle process = processOf(run);
    agent.destroyForcibly().waitFor();
    process.destroyForcibly();
    awaitEnd(process);
    assertThat(workshop.stateOf(run).type()).isEqualTo(StateType.RUNNING);

    workshop.agent().build().runOnce();

    assertThat(workshop.stateOf(run).type()).isEqualTo(StateType.CRASHED);
    assertThat(workshop.stateOf(run).message())
        .startsWith(
            "Flow run infrastructure exited with non-zero status code 137. This indicates that the"
                + " process exited due to a SIGKILL signal.");
    assertThat(workshop.home.resolve("runs")).isEmptyDirectory();
  }

  @Test
  void theNextAgentCancelsRunsOfADeadOne() throws Exception {
    workshop.writeFlow(ENDLESS);
    UUID run = workshop.schedule(workshop.deploy());
    Process agent = AgentProgram.start(workshop.home);
    workshop.awaitLine(run, "started");
    ProcessHandle process = processOf(run);
    agent.destroyForcibly().waitFor();

    try (Agent next = workshop.agent().start()) {
      assertThat(workshop.stateOf(run).type()).isEqualTo(StateType.RUNNING);
      workshop.sheave.api().flowRuns().setFlowRunState(run, State.of(StateType.CANCELLING), false);
      workshop.awaitState(run, StateType.CANCELLED);
    }
    awaitEnd(process);
  }

  /** As the services of the records do when nothing was heard of it for long. */
  @Test
  void aRunThatWasCalledCancelledOutOfReachIsEndedWhenAnAgentReachesIt() throws Exception {
    workshop.writeFlow(ENDLESS);
    UUID run = workshop.schedule(workshop.deploy());
    Process agent = AgentProgram.start(workshop.home);
    workshop.awaitLine(run, "started");
    ProcessHandle process = processOf(run);
    agent.destroyForcibly().waitFor();
    var runs = workshop.sheave.api().flowRuns();
    runs.setFlowRunState(run, State.of(StateType.CANCELLING), false);
    runs.setFlowRunState(
        run,
        State.of(StateType.CANCELLED, "No agent reaches it.")
            .withDetails(StateDetails.NONE.with("silent", true)),
        false);
    assertThat(process.isAlive()).isTrue();

    try (Agent next = workshop.agent().start()) {
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> workshop.read(run).lease() == null && !process.isAlive());
    }
    assertThat(workshop.stateOf(run).type()).isEqualTo(StateType.CANCELLED);
    assertThat(workshop.stateOf(run).message())
        .isEqualTo(
            "No agent reaches it. An agent that can reach it has made sure since then that nothing"
                + " executes it.");
  }

  @Test
  void whatARunHasStartedIsCancelledWithItOnADatabaseToo() {
    workshop.writeFlow(
        """
        dev.sheave.Sheave.current().deployments().load("test-flow/for-other").run(java.util.Map.of());
        log.info("started"); while (true) { Thread.sleep(60_000); }
        """);
    workshop.deployTo("other");
    UUID run = workshop.schedule(workshop.deploy());

    try (Agent agent = workshop.agent().start()) {
      workshop.awaitLine(run, "started");
      FlowRunRecord child =
          workshop.sheave.api().flowRuns().listAllFlowRuns(FlowRunFilter.ALL).stream()
              .filter(each -> !each.id().equals(run))
              .findFirst()
              .orElseThrow();
      assertThat(child.createdBy())
          .isEqualTo(new CreatedBy(run, CreatedBy.FLOW_RUN, workshop.read(run).name()));
      workshop.sheave.api().flowRuns().setFlowRunState(run, State.of(StateType.CANCELLING), false);
      workshop.awaitState(child.id(), StateType.CANCELLED);
      workshop.awaitState(run, StateType.CANCELLED);
    }
  }

  @Test
  void closingLetsRunsFinishAndTakesNoMore() {
    workshop.writeFlow("log.info(\"started\"); Thread.sleep(1500); return 1;");
    var deployment = workshop.deploy();
    UUID first = workshop.schedule(deployment);
    Agent agent = workshop.agent().start();
    workshop.awaitLine(first, "started");

    CompletableFuture<Void> closed = CompletableFuture.runAsync(agent::close);
    await().until(agent::isClosing);
    UUID second = workshop.schedule(deployment);
    closed.orTimeout(60, TimeUnit.SECONDS).join();

    assertThat(workshop.stateOf(first).type()).isEqualTo(StateType.COMPLETED);
    assertThat(workshop.stateOf(second).type()).isEqualTo(StateType.SCHEDULED);
  }

  @Test
  void stoppingEndsRunsNow() {
    workshop.writeFlow(ENDLESS);
    UUID run = workshop.schedule(workshop.deploy());
    Agent agent = workshop.agent().start();
    workshop.awaitLine(run, "started");

    agent.stopNow();

    assertThat(workshop.stateOf(run).type()).isEqualTo(StateType.CRASHED);
    assertThat(workshop.stateOf(run).message())
        .isEqualTo("Execution was aborted by a termination signal.");
  }

  @Test
  void aPausedQueueHandsOutNothing() {
    workshop.writeFlow("return 1;");
    UUID run = workshop.schedule(workshop.deploy());
    var queues = workshop.sheave.api().workQueues();
    queues.updateWorkQueue(
        queues.findWorkQueue(Workshop.QUEUE).orElseThrow().id(),
        WorkQueueUpdate.NONE.withPaused(true));

    workshop.agent().build().runOnce();

    assertThat(workshop.stateOf(run).type()).isEqualTo(StateType.SCHEDULED);
  }

  @Test
  void twoAgentsRunEachRunOnce() {
    workshop.writeFlow("log.info(\"once\"); return 1;");
    var deployment = workshop.deploy();
    UUID run = workshop.schedule(deployment);

    CompletableFuture.allOf(
            CompletableFuture.runAsync(() -> workshop.agent().build().runOnce()),
            CompletableFuture.runAsync(() -> workshop.agent().build().runOnce()))
        .orTimeout(60, TimeUnit.SECONDS)
        .join();

    assertThat(workshop.stateOf(run).type()).isEqualTo(StateType.COMPLETED);
    assertThat(workshop.log(run)).containsOnlyOnce("once");
  }

  @Test
  void aRunOfAnotherHostIsLeftAlone() {
    workshop.writeFlow("return 1;");
    UUID run = workshop.schedule(workshop.deploy());
    var runs = workshop.sheave.api().flowRuns();
    runs.setFlowRunState(run, State.of(StateType.PENDING), false);
    runs.updateFlowRun(run, FlowRunUpdate.NONE.withInfrastructurePid("elsewhere:1"));

    workshop.agent().build().runOnce();

    assertThat(workshop.stateOf(run).type()).isEqualTo(StateType.PENDING);
  }

  @Test
  void aProgramAwaitsTheFinalStateAndTheResult() {
    workshop.writeFlow("return \"the \" + \"answer\";");
    workshop.deploy();
    Deployment deployment = workshop.sheave.deployments().load("test-flow/here");

    FlowRunHandle run = deployment.run(Map.of());
    assertThat(run.await(Duration.ofMillis(10)).state().isTerminal()).isFalse();
    workshop.agent().build().runOnce();
    FlowRunRecord ended = run.await(Duration.ofSeconds(10));

    assertThat(ended.id()).isEqualTo(run.id());
    assertThat(ended.state().type()).isEqualTo(StateType.COMPLETED);
    assertThat(ended.state().result()).contains("the answer");
  }

  @Test
  void anAgentNeedsAQueue() {
    assertThatThrownBy(() -> Agent.builder(workshop.sheave).build())
        .hasMessage("No work queues provided: name at least one to take runs from.");
  }

  @Test
  void anAgentIsClosedWhenWhatItCancelsIsRecordedAsCancelled() {
    workshop.writeFlow(ENDLESS);
    UUID run = workshop.schedule(workshop.deploy());
    try (Sheave faulty = connectFaulty();
        Agent agent = workshop.agent(faulty).start()) {
      workshop.awaitLine(run, "started");
      ProcessHandle process = processOf(run);
      FaultyOrchestration.setDelayOfStates(Duration.ofSeconds(1));
      workshop.sheave.api().flowRuns().setFlowRunState(run, State.of(StateType.CANCELLING), false);
      awaitEnd(process);
    } finally {
      FaultyOrchestration.setDelayOfStates(Duration.ZERO);
    }
    assertThat(workshop.stateOf(run).type()).isEqualTo(StateType.CANCELLED);
  }

  private Sheave connectFaulty() {
    return Sheave.builder()
        .home(workshop.home)
        .url("faulty:jdbc:sqlite:" + workshop.home.resolve("sheave.db"))
        .connect();
  }

  @Test
  void aRunIsExecutedThoughTheAnswerToItsClaimWasLost() {
    workshop.writeFlow("return 1;");
    UUID run = workshop.schedule(workshop.deploy());
    try (Sheave faulty = connectFaulty()) {
      FaultyOrchestration.loseAnswerTo("setFlowRunState");
      workshop.agent(faulty).build().runOnce();
    }
    assertThat(workshop.sheave.api().flowRuns().listFlowRunStates(run))
        .extracting(State::type)
        .containsExactly(
            StateType.SCHEDULED, StateType.PENDING, StateType.RUNNING, StateType.COMPLETED);
  }

  @Test
  void anAgentSurvivesAStoreThatIsAwayForAWhile() {
    workshop.writeFlow("log.info(\"started\"); Thread.sleep(500); return 1;");
    var deployment = workshop.deploy();
    UUID first = workshop.schedule(deployment);
    try (Sheave faulty = connectFaulty();
        Agent agent = workshop.agent(faulty).start()) {
      workshop.awaitLine(first, "started");
      FaultyOrchestration.setAway(true);
      workshop.awaitState(first, StateType.COMPLETED);
      UUID second = workshop.schedule(deployment);
      assertThatThrownBy(() -> faulty.api().flowRuns().readFlowRun(second))
          .hasMessage("The store is away.");
      FaultyOrchestration.setAway(false);
      workshop.awaitState(second, StateType.COMPLETED);
    } finally {
      FaultyOrchestration.setAway(false);
    }
  }
}
