package dev.sheave.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.DeploymentRecord;
import dev.sheave.api.FlowRunApi;
import dev.sheave.api.Page;
import dev.sheave.api.State;
import dev.sheave.api.StateDetails;
import dev.sheave.api.StateType;
import dev.sheave.block.SaveMode;
import dev.sheave.infrastructure.ApiAccess;
import dev.sheave.infrastructure.Ended;
import dev.sheave.infrastructure.Ended.Kind;
import dev.sheave.infrastructure.ProcessInfrastructure;
import dev.sheave.infrastructure.RunRequest;
import dev.sheave.infrastructure.RunningInfrastructure;
import dev.sheave.internal.Backoff;
import dev.sheave.internal.ProcessIdentity;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs on infrastructure of another type than {@code process}. */
@Timeout(120)
@SuppressWarnings("try") // agents work while they are open
class OwnInfrastructureTest {
  /** An agent of this machine that has ended. */
  private static final String DEAD = ProcessIdentity.own() + "0";

  @TempDir Path directory;
  private Workshop workshop;
  private OddMachine machine;

  @BeforeEach
  void open() {
    workshop = new Workshop(directory);
    workshop.writeFlow("return 1;");
    machine = new OddMachine(Map.of("A", "1"), Map.of(), null, null);
  }

  @AfterEach
  void close() {
    OddMachine.reset();
    workshop.close();
  }

  private DeploymentRecord deploy(OddMachine where) {
    return workshop.deploy(
        "TestFlow.java:run",
        workshop.sheave.blocks().save(where, "mine", SaveMode.CREATE).identity().orElseThrow().id(),
        Map.of());
  }

  private DeploymentRecord deployInProcess() {
    UUID block =
        workshop
            .sheave
            .blocks()
            .save(new InProcess(), "mine", SaveMode.CREATE)
            .identity()
            .orElseThrow()
            .id();
    return workshop.deploy("TestFlow.java:run", block, Map.of());
  }

  private UUID claimedByADeadAgent(DeploymentRecord deployment) {
    UUID run = workshop.schedule(deployment);
    State pending =
        State.of(StateType.PENDING)
            .withDetails(StateDetails.NONE.with(StateDetails.CLAIMED_BY, DEAD));
    workshop.sheave.api().flowRuns().setFlowRunState(run, pending, false);
    return run;
  }

  private RunRequest request(UUID run) {
    return RunRequest.builder(run, "owl", ApiAccess.to(workshop.sheave.api().url()))
        .home(workshop.home)
        .build();
  }

  @Test
  void noMoreRunsAreTakenThanCanBeStarted() {
    DeploymentRecord deployment = deploy(machine);
    List<UUID> runs = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      runs.add(workshop.schedule(deployment));
    }
    AtomicInteger starting = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    CountDownLatch third = new CountDownLatch(1);
    OddMachine.beforeStart(
        request -> {
          int now = starting.incrementAndGet();
          most.accumulateAndGet(now, Math::max);
          if (now > 2) {
            third.countDown();
          }
          try {
            assertThat(third.await(1, TimeUnit.SECONDS)).isFalse();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          } finally {
            starting.decrementAndGet();
          }
        });

    workshop.agent().maxStarts(2).build().runOnce();

    assertThat(most).hasValue(2);
    assertThat(runs).allMatch(run -> workshop.stateOf(run).type() == StateType.COMPLETED);
  }

  @Test
  void aRequestNamesAttemptFlowDeploymentAndVersion() {
    DeploymentRecord deployment = deploy(machine);
    List<RunRequest> requests = new ArrayList<>();
    OddMachine.beforeStart(requests::add);
    UUID run = claimedByADeadAgent(deployment);

    workshop.agent().build().runOnce();

    assertThat(workshop.stateOf(run).type()).isEqualTo(StateType.COMPLETED);
    assertThat(requests)
        .singleElement()
        .satisfies(
            request -> {
              assertThat(request.attempt()).isEqualTo(2); // the first was the dead agent's
              assertThat(request.labels())
                  .containsEntry(RunRequest.FLOW_RUN_ID_LABEL, run.toString())
                  .containsEntry(RunRequest.ATTEMPT_LABEL, "2")
                  .containsEntry(RunRequest.FLOW_NAME_LABEL, "test-flow")
                  .containsEntry(RunRequest.DEPLOYMENT_NAME_LABEL, "here")
                  .containsKeys(RunRequest.VERSION_LABEL, RunRequest.DEPLOYMENT_UPDATED_LABEL);
            });
  }

  @Test
  void aRunOfADeadAgentIsLookedForOnItsOwnInfrastructure() {
    DeploymentRecord deployment = deploy(machine);
    UUID run = claimedByADeadAgent(deployment);
    List<UUID> asked = new ArrayList<>();
    OddMachine.beforeAttach(request -> asked.add(request.flowRunId()));
    RunningInfrastructure running = machine.start(request(run));

    try (Agent next = workshop.agent().start()) {
      workshop.awaitState(run, StateType.COMPLETED);
    }

    assertThat(asked).contains(run);
    assertThat(workshop.read(run).infrastructurePid()).isEqualTo(running.pid());
    assertThat(workshop.home.resolve("runs")).isEmptyDirectory();
  }

  @Test
  void aRunThatIsCancelledWhileItWaitsToBeStartedIsGivenUp() throws Exception {
    CountDownLatch starting = new CountDownLatch(1);
    OddMachine.beforeStart(
        request -> {
          starting.countDown();
          Backoff.sleep(Duration.ofMinutes(10), "Pulling");
        });
    UUID run = workshop.schedule(deploy(machine));

    try (Agent agent = workshop.agent().start()) {
      assertThat(starting.await(30, TimeUnit.SECONDS)).isTrue();
      workshop.sheave.api().flowRuns().setFlowRunState(run, State.of(StateType.CANCELLING), false);
      workshop.awaitState(run, StateType.CANCELLED);
    }
    assertThat(workshop.read(run).infrastructurePid()).isNull();
  }

  @Test
  void whatStartedAllTheSameWhenItsStartWasInterruptedIsCancelledAsOthersAre() throws Exception {
    machine = new OddMachine(Map.of(), Map.of(), null, List.of("sleep", "600"));
    List<RunningInfrastructure> begun = new ArrayList<>();
    CountDownLatch starting = new CountDownLatch(1);
    OddMachine.beforeStart(
        request -> {
          begun.add(
              ProcessInfrastructure.builder().command(machine.command()).build().start(request));
          starting.countDown();
          Backoff.sleep(Duration.ofMinutes(10), "Waiting for the machine");
        });
    UUID run = workshop.schedule(deploy(machine));

    try (Agent agent = workshop.agent().start()) {
      assertThat(starting.await(30, TimeUnit.SECONDS)).isTrue();
      workshop.sheave.api().flowRuns().setFlowRunState(run, State.of(StateType.CANCELLING), false);
      workshop.awaitState(run, StateType.CANCELLED);
    }
    assertThat(begun.get(0).ended().toCompletableFuture().get(30, TimeUnit.SECONDS).exitCode())
        .hasValue(143);
  }

  @Test
  void whatIsCancelledGetsAsLongToEndAsItsInfrastructureSays() {
    InProcess.setProgram(
        (request, killed) -> {
          killed.await();
          return 0;
        });
    UUID run = workshop.schedule(deployInProcess());
    InProcess.GRACES.clear();

    try (Agent agent = workshop.agent().start()) {
      workshop.awaitState(run, StateType.PENDING);
      workshop.sheave.api().flowRuns().setFlowRunState(run, State.of(StateType.CANCELLING), false);
      workshop.awaitState(run, StateType.CANCELLED);
    }

    assertThat(InProcess.GRACES).containsExactly(InProcess.STOP_GRACE);
  }

  @Test
  void aRunWhoseInfrastructureWasRemovedSaysSo() {
    InProcess.setEnding((request, killed) -> Ended.gone("The container was removed."));
    UUID run = workshop.schedule(deployInProcess());

    workshop.agent().build().runOnce();

    assertThat(workshop.stateOf(run).message())
        .isEqualTo("Flow run infrastructure ended before the run did. The container was removed.");
  }

  @Test
  void theLogOfARunThatHasNotedItsCrashSaysWhyItWasEndedFromOutside() {
    String reason = "The job took longer than 8 seconds.";
    FlowRunApi runs = workshop.sheave.api().flowRuns();
    InProcess.setEnding(
        (request, killed) -> {
          runs.setFlowRunState(request.flowRunId(), State.of(StateType.CRASHED), true);
          return new Ended(Kind.KILLED, OptionalInt.empty(), reason);
        });
    UUID run = workshop.schedule(deployInProcess());

    workshop.agent().build().runOnce();

    assertThat(runs.listLogs(run, null, Page.FIRST).stream().map(each -> each.line().message()))
        .containsExactly(reason);
  }

  @Test
  void anAgentThatIsStoppedGivesUpWhatItStarts() throws Exception {
    CountDownLatch starting = new CountDownLatch(1);
    OddMachine.beforeStart(
        request -> {
          starting.countDown();
          Backoff.sleep(Duration.ofMinutes(10), "Pulling");
        });
    UUID run = workshop.schedule(deploy(machine));

    try (Agent agent = workshop.agent().start()) {
      assertThat(starting.await(30, TimeUnit.SECONDS)).isTrue();
      agent.stopNow();
    }
    assertThat(workshop.stateOf(run).type()).isEqualTo(StateType.CRASHED);
    assertThat(workshop.stateOf(run).message()).contains("Pulling was interrupted");
  }

  @Test
  void howFarOutputWasShownIsNotedBeforeTheNextLineIs() {
    machine =
        new OddMachine(
            Map.of(),
            Map.of(),
            null,
            List.of("sh", "-c", "echo 1; sleep 1; echo 2; sleep 1; echo 3"));
    UUID run = workshop.schedule(deploy(machine));
    OutputPositions positions = new OutputPositions(workshop.home);
    List<String> noted = new CopyOnWriteArrayList<>();

    workshop.agent().output(line -> noted.add(line + " " + positions.noted(run))).build().runOnce();

    assertThat(noted).containsExactly("1 null", "2 2", "3 4");
    assertThat(positions.noted(run)).isNull();
  }

  @Test
  void theRestOfTheOutputIsShownOfARunThatEndedWhileNoAgentLived() throws Exception {
    machine = new OddMachine(Map.of(), Map.of(), null, List.of("sh", "-c", "echo 1; echo 2"));
    UUID run = claimedByADeadAgent(deploy(machine));
    new OutputPositions(workshop.home).begin(run);
    Path note = workshop.home.resolve("output-positions").resolve(run.toString());
    RunningInfrastructure running = machine.start(request(run));
    running.ended().toCompletableFuture().get(30, TimeUnit.SECONDS);
    workshop.sheave.api().flowRuns().setFlowRunState(run, State.of(StateType.COMPLETED), true);
    Files.writeString(note, "2\n"); // after the first line
    Files.setLastModifiedTime(note, FileTime.from(Instant.now().minusSeconds(300)));
    BlockingQueue<String> shown = new LinkedBlockingQueue<>();

    try (Agent next = workshop.agent().output(shown::add).start()) {
      assertThat(shown.poll(30, TimeUnit.SECONDS)).isEqualTo("2");
    }

    assertThat(shown).isEmpty();
  }

  @Test
  void aCancellationThatCouldNotBeCarriedOutIsTriedAgain() throws Exception {
    machine = new OddMachine(Map.of(), Map.of(), null, List.of("sleep", "600"));
    UUID run = claimedByADeadAgent(deploy(machine));
    RunningInfrastructure running = machine.start(request(run));
    workshop.sheave.api().flowRuns().setFlowRunState(run, State.of(StateType.CANCELLING), false);
    AtomicInteger asked = new AtomicInteger();
    OddMachine.beforeAttach(
        request -> {
          if (asked.incrementAndGet() == 1) {
            throw new SheaveException(Code.UNAVAILABLE, "The machine doesn't respond.");
          }
        });

    try (Agent next = workshop.agent().start()) {
      workshop.awaitState(run, StateType.CANCELLED);
    }

    assertThat(asked).hasValue(2);
    assertThat(running.ended().toCompletableFuture().get(30, TimeUnit.SECONDS).exitCode())
        .hasValue(143);
  }
}
