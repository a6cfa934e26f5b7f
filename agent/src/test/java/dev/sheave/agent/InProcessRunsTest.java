package dev.sheave.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sheave.Sheave;
import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.DeploymentRecord;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.State;
import dev.sheave.api.StateType;
import dev.sheave.block.Block;
import dev.sheave.block.SaveMode;
import dev.sheave.infrastructure.ApiAccess;
import dev.sheave.infrastructure.Ended.Kind;
import dev.sheave.infrastructure.RunRequest;
import dev.sheave.infrastructure.RunningInfrastructure;
import dev.sheave.internal.ProcessIdentity;
import dev.sheave.runtime.InProcessInfrastructure;
import dev.sheave.storage.LocalFileSystem;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs in threads of the agent's process; {@link InProcessContractTest} has more. */
@Timeout(120)
@SuppressWarnings("try") // agents work while they are open
class InProcessRunsTest {
  private static final String ENDLESS =
      "log.info(\"started\"); while (true) { Thread.sleep(60_000); }";

  @TempDir Path directory;
  private Workshop workshop;
  private InProcessInfrastructure here;

  @BeforeEach
  void open() {
    workshop = new Workshop(directory);
    here = InProcessInfrastructure.builder().stopGrace(Duration.ofSeconds(20)).build();
  }

  @AfterEach
  void close() {
    workshop.close();
  }

  private DeploymentRecord deploy() {
    return workshop.deploy("TestFlow.java:run", idOf(here), Map.of());
  }

  private UUID idOf(Block block) {
    return workshop.save(block, "here");
  }

  /** Runs deployments, and returns what their flows return. */
  private List<Object> resultsOf(DeploymentRecord... deployments) {
    List<Object> results = new ArrayList<>();
    for (DeploymentRecord each : deployments) {
      UUID run = workshop.schedule(each);
      workshop.agent().build().runOnce();
      results.add(workshop.stateOf(run).result().orElseThrow());
    }
    return results;
  }

  private RunRequest request(UUID run) {
    return RunRequest.builder(run, "owl", ApiAccess.to(workshop.sheave.api().url()))
        .home(workshop.home)
        .store(workshop.sheave.api().storeId())
        .build();
  }

  @Test
  void aRunHasItsLogItsResultAndItsConnection() {
    workshop.writeFlow(
        """
        log.info("in {}", ProcessHandle.current().pid());
        return dev.sheave.Sheave.current().home() + " "
            + TestFlow.class.getClassLoader().getClass().getSimpleName();
        """);
    List<String> output = new CopyOnWriteArrayList<>();
    UUID run = workshop.schedule(deploy());

    workshop.agent().output(output::add).build().runOnce();

    FlowRunRecord ended = workshop.read(run);
    assertThat(ended.state().result()).contains(workshop.home + " FlowClassLoader");
    assertThat(workshop.log(run)).contains("in " + ProcessHandle.current().pid());
    assertThat(output).anyMatch(line -> line.endsWith("in " + ProcessHandle.current().pid()));
    assertThat(ended.infrastructurePid()).startsWith(ProcessIdentity.own() + "/");
    assertThat(here.standing(workshop.sheave.api().storeId(), workshop.home)).isEmpty();
  }

  @Test
  void manyRunsAtOnceDoNotMix() {
    workshop.writeFlow(
        """
        String own = FlowRunContext.current().flowRunId().orElseThrow().toString();
        for (int i = 0; i < 20; i++) {
          log.info(own);
          Thread.sleep(5);
        }
        return java.util.concurrent.CompletableFuture.supplyAsync(
            () -> FlowRunContext.current().flowRunId().orElseThrow().toString(),
            task -> new Thread(task).start()).get();
        """);
    DeploymentRecord deployment = deploy();
    List<UUID> runs = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      runs.add(workshop.schedule(deployment));
    }

    workshop.agent().build().runOnce();

    for (UUID run : runs) {
      assertThat(workshop.stateOf(run).result()).contains(run.toString());
      assertThat(workshop.log(run).stream().filter(run.toString()::equals)).hasSize(20);
      assertThat(workshop.log(run))
          .noneMatch(
              line ->
                  runs.stream().anyMatch(each -> !each.equals(run) && line.contains("" + each)));
    }
  }

  @Test
  void runsOfTheSameSourcesShareTheirClassesUntilASourceChanges() throws Exception {
    String code = "return System.identityHashCode(TestFlow.class);";
    workshop.writeFlow(code);
    DeploymentRecord deployment = deploy();
    List<UUID> runs = List.of(workshop.schedule(deployment), workshop.schedule(deployment));
    workshop.agent().build().runOnce();
    UUID later = workshop.schedule(deployment);
    workshop.agent().build().runOnce();

    Optional<Object> first = workshop.stateOf(runs.get(0)).result();
    assertThat(first).isPresent();
    assertThat(workshop.stateOf(runs.get(1)).result()).isEqualTo(first);
    assertThat(workshop.stateOf(later).result()).isEqualTo(first);

    workshop.writeFlow(code + " // changed");
    UUID changed = workshop.schedule(deployment);
    workshop.agent().build().runOnce();

    assertThat(workshop.stateOf(changed).result()).isPresent().isNotEqualTo(first);
  }

  @Test
  void threadsAreUsedAgainByRunsOfTheirDeploymentAlone() {
    workshop.writeFlow("return Thread.currentThread().getId();");
    DeploymentRecord one = deploy();
    DeploymentRecord other = workshop.deploy("other", "TestFlow.java:run", idOf(here), null);

    List<Object> threads = resultsOf(one, one, one, one, one, one);

    assertThat(Set.copyOf(threads)).hasSizeLessThan(threads.size());
    assertThat(resultsOf(other, other)).doesNotContainAnyElementsOf(threads);
  }

  @Test
  void eachRunWithClassesOfItsOwnHasAThreadOfItsOwn() {
    workshop.writeFlow("return Thread.currentThread().getId();");
    UUID storage = idOf(LocalFileSystem.builder().basepath(workshop.code.toString()).build());
    DeploymentRecord stored = workshop.deploy("stored", "TestFlow.java:run", idOf(here), storage);

    assertThat(resultsOf(stored, stored, stored, stored)).doesNotHaveDuplicates();
  }

  @Test
  void anInterruptThatAFlowLeavesIsGoneBeforeTheNextRun() {
    workshop.writeFlow(
        """
        boolean was = Thread.currentThread().isInterrupted();
        Thread.currentThread().interrupt();
        return was;
        """);
    DeploymentRecord deployment = deploy();

    assertThat(resultsOf(deployment, deployment, deployment)).containsOnly(false);
  }

  @Test
  void anAgentThatTakesRunsOneByOneExecutesThem() {
    workshop.writeFlow("return 42;");
    UUID run = workshop.schedule(deploy());
    FaultyOrchestration.setNetwork(
        (method, arguments, call) ->
            method.getName().equals("features")
                ? Set.of() // as a server that doesn't know of agents
                : call.call());
    try (Sheave other =
        Sheave.builder()
            .home(workshop.home)
            .url("faulty:" + workshop.sheave.api().url())
            .connect()) {
      workshop.agent(other).build().runOnce();
    } finally {
      FaultyOrchestration.setNetwork((method, arguments, call) -> call.call());
    }

    assertThat(workshop.stateOf(run).result()).contains(42);
  }

  @Test
  void nothingIsNotedForAnAgentAfterThisOne() throws Exception {
    Path notes = workshop.home.resolve("output-positions");
    workshop.writeFlow(
        """
        log.info("a line");
        return java.nio.file.Files.exists(java.nio.file.Path.of("%s"));
        """
            .formatted(notes));
    UUID run = workshop.schedule(deploy());

    workshop.agent().build().runOnce();

    assertThat(workshop.stateOf(run).result()).contains(false);
    assertThat(notes).doesNotExist();
  }

  @Test
  void aRunIsCancelledByAnInterruptOfItsThread() {
    workshop.writeFlow(ENDLESS);
    UUID run = workshop.schedule(deploy());

    try (Agent agent = workshop.agent().start()) {
      workshop.awaitLine(run, "started");
      workshop.sheave.api().flowRuns().setFlowRunState(run, State.of(StateType.CANCELLING), false);
      workshop.awaitState(run, StateType.CANCELLED);
    }
    assertThat(here.standing(workshop.sheave.api().storeId(), workshop.home)).isEmpty();
  }

  @Test
  void oneThatIgnoresItIsCancellingUntilItEnds() {
    here = here.toBuilder().stopGrace(Duration.ZERO).build();
    Path go = directory.resolve("go");
    workshop.writeFlow(
        """
        log.info("started");
        while (!java.nio.file.Files.exists(java.nio.file.Path.of("%s"))) {
          try { Thread.sleep(20); } catch (InterruptedException e) { log.info("ignored"); }
        }
        return 1;
        """
            .formatted(go));
    UUID run = workshop.schedule(deploy());

    try (Agent agent = workshop.agent().start()) {
      workshop.awaitLine(run, "started");
      workshop.sheave.api().flowRuns().setFlowRunState(run, State.of(StateType.CANCELLING), false);
      workshop.awaitLine(run, "ignored");
      assertThat(workshop.stateOf(run).type()).isEqualTo(StateType.CANCELLING);
      assertThat(go.toFile().mkdir()).isTrue();
      workshop.awaitState(run, StateType.CANCELLED);
    }
  }

  @Test
  void runsCrashWhenTheirAgentIsStopped() {
    workshop.writeFlow(ENDLESS);
    UUID run = workshop.schedule(deploy());
    Agent agent = workshop.agent().start();
    workshop.awaitLine(run, "started");

    agent.stopNow();

    assertThat(workshop.stateOf(run).type()).isEqualTo(StateType.CRASHED);
    assertThat(workshop.stateOf(run).message()).isEqualTo("Execution was interrupted.");
  }

  @Test
  void theRunOfAKilledProgramCrashes() throws Exception {
    workshop.writeFlow(ENDLESS);
    UUID run = workshop.schedule(deploy());
    Process agent = AgentProgram.start(workshop.home);
    workshop.awaitLine(run, "started");
    agent.destroyForcibly().waitFor();

    workshop.agent().build().runOnce();

    assertThat(workshop.stateOf(run).type()).isEqualTo(StateType.CRASHED);
  }

  @Test
  void itIsStartedOnceAndFoundAndRemoved() throws Exception {
    workshop.writeFlow(ENDLESS);
    UUID run = workshop.schedule(deploy());
    workshop.sheave.api().flowRuns().setFlowRunState(run, State.of(StateType.PENDING), false);
    RunningInfrastructure running = here.start(request(run));
    workshop.awaitLine(run, "started");

    assertThat(here.start(request(run))).isSameAs(running);
    assertThat(here.attach(request(run), running.pid(), null)).isSameAs(running);
    assertThat(here.attach(request(run), null, null)).isSameAs(running);
    assertThat(here.standing(workshop.sheave.api().storeId(), workshop.home))
        .singleElement()
        .matches(each -> each.isRunning() && each.flowRunId().equals(run));
    assertThat(here.standing(UUID.randomUUID(), workshop.home)).isEmpty();
    assertThat(codeOf(UUID.randomUUID(), null)).isEqualTo(Code.NOT_FOUND);
    assertThat(codeOf(run, "elsewhere:1:1/" + run)).isEqualTo(Code.OUT_OF_REACH);
    assertThat(codeOf(run, ProcessIdentity.own() + "0/" + run)).isEqualTo(Code.NOT_FOUND);

    running.remove();

    assertThat(running.ended().toCompletableFuture().get(30, TimeUnit.SECONDS).kind())
        .isEqualTo(Kind.KILLED);
    assertThat(here.standing(workshop.sheave.api().storeId(), workshop.home)).isEmpty();
    await().until(() -> workshop.stateOf(run).type() == StateType.CRASHED);
  }

  private Code codeOf(UUID run, @Nullable String pid) {
    try {
      throw new AssertionError("found " + here.attach(request(run), pid, null).pid());
    } catch (SheaveException e) {
      return e.code();
    }
  }

  @Test
  void aFlowOfPythonIsRefused() {
    workshop.write("flow.py", "def run(): pass");
    UUID block =
        workshop.sheave.blocks().save(here, "here", SaveMode.CREATE).identity().orElseThrow().id();
    UUID run = workshop.schedule(workshop.deploy("flow.py:run", block, Map.of()));

    workshop.agent().build().runOnce();

    assertThat(workshop.stateOf(run).type()).isEqualTo(StateType.FAILED);
    assertThat(workshop.stateOf(run).message())
        .contains("The agent's own process executes flows of Java alone");
  }

  @Test
  void aNegativeGraceIsRefused() {
    assertThatThrownBy(() -> here.toBuilder().stopGrace(Duration.ofSeconds(-1)).build())
        .hasMessage("'stop_grace' can't be negative.");
  }
}
