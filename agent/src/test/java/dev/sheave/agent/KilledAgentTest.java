package dev.sheave.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sheave.api.AgentProfile;
import dev.sheave.api.AgentSync;
import dev.sheave.api.DeploymentRecord;
import dev.sheave.api.FlowRunApi.FlowRunSort;
import dev.sheave.api.FlowRunFilter;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.Page;
import dev.sheave.api.State;
import dev.sheave.api.StateDetails;
import dev.sheave.api.StateType;
import dev.sheave.api.WorkQueueApi;
import dev.sheave.api.WorkQueueApi.WorkQueueUpdate;
import dev.sheave.infrastructure.ApiAccess;
import dev.sheave.infrastructure.Ended;
import dev.sheave.infrastructure.ProcessInfrastructure;
import dev.sheave.infrastructure.RunRequest;
import dev.sheave.infrastructure.RunningInfrastructure;
import dev.sheave.internal.ProcessIdentity;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs whose agent was killed after it had taken them, and before it said what executes them. */
@Timeout(900)
@SuppressWarnings("try") // agents work while they are open
class KilledAgentTest {
  private static final int KILLS = Integer.getInteger("sheave.test.kills", 20);

  /** An agent of this machine that has ended. */
  private static final String DEAD = ProcessIdentity.own() + "0";

  @TempDir Path directory;
  private Workshop workshop;
  private DeploymentRecord deployment;

  @BeforeEach
  void open() {
    workshop = new Workshop(directory);
    workshop.writeFlow(
        """
        java.nio.file.Files.writeString(java.nio.file.Path.of("%s/" + java.util.UUID.randomUUID()),
            FlowRunContext.current().flowRunId().orElseThrow().toString());
        return 1;
        """
            .formatted(directory.resolve("executions")));
    deployment = workshop.deploy();
    assertThat(directory.resolve("executions").toFile().mkdirs()).isTrue();
  }

  @AfterEach
  void close() {
    workshop.close();
  }

  private List<String> executions() throws Exception {
    List<String> runs = new ArrayList<>();
    try (var files = Files.list(directory.resolve("executions"))) {
      for (Path each : files.toList()) {
        runs.add(Files.readString(each));
      }
    }
    return runs;
  }

  private UUID claimedBy(String agent) {
    UUID run = workshop.schedule(deployment);
    workshop
        .sheave
        .api()
        .flowRuns()
        .setFlowRunState(
            run,
            State.of(StateType.PENDING)
                .withDetails(StateDetails.NONE.with(StateDetails.CLAIMED_BY, agent)),
            false);
    return run;
  }

  private void limitQueue(int limit) {
    var queues = workshop.sheave.api().workQueues();
    queues.updateWorkQueue(
        queues.findWorkQueue(Workshop.QUEUE).orElseThrow().id(),
        WorkQueueUpdate.NONE.withConcurrencyLimit(limit));
  }

  @Test
  void eachEndsAndIsExecutedOnce() throws Exception {
    Random random = new Random(4711);
    List<UUID> runs = new ArrayList<>();
    for (int i = 0; i < KILLS; i++) {
      runs.add(
          killAfter(
              run -> {
                awaitTaken(run);
                TimeUnit.MICROSECONDS.sleep(random.nextInt(40_000)); // anywhere in its start
              }));
    }
    assertNoneIsStuck(runs);
  }

  @Test
  void eachWhoseAgentIsKilledAsItsProcessAppearsEndsAndIsExecutedOnce() throws Exception {
    List<UUID> runs = new ArrayList<>();
    for (int i = 0; i < Math.min(KILLS, 20); i++) {
      runs.add(killAfter(this::awaitProcess));
    }
    assertNoneIsStuck(runs);
  }

  private interface Moment {
    void await(UUID run) throws Exception;
  }

  private UUID killAfter(Moment moment) throws Exception {
    limitQueue(2);
    UUID run = workshop.schedule(deployment);
    Process agent = AgentProgram.start(workshop.home);
    moment.await(run);
    agent.destroyForcibly().waitFor();
    return run;
  }

  private void awaitTaken(UUID run) {
    await()
        .atMost(Duration.ofSeconds(60))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(1))
        .until(() -> workshop.stateOf(run).type() != StateType.SCHEDULED);
  }

  private void awaitProcess(UUID run) {
    awaitTaken(run);
    Path runs = workshop.home.resolve("runs");
    await()
        .atMost(Duration.ofSeconds(60))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(1))
        .until(
            () ->
                !List.of(StateType.PENDING, StateType.RUNNING)
                        .contains(workshop.stateOf(run).type())
                    || IntStream.rangeClosed(1, 5)
                        .anyMatch(i -> Files.exists(runs.resolve(run + "-" + i + "/pid"))));
  }

  private void assertNoneIsStuck(List<UUID> runs) throws Exception {
    try (Agent next = workshop.agent().start()) {
      runs.forEach(run -> workshop.awaitState(run, StateType.COMPLETED));
    }
    assertThat(executions())
        .containsExactlyInAnyOrderElementsOf(runs.stream().map(UUID::toString).toList());
    assertThat(
            workshop
                .sheave
                .api()
                .flowRuns()
                .listFlowRuns(
                    FlowRunFilter.ALL.withStateTypes(Set.of(StateType.PENDING, StateType.RUNNING)),
                    FlowRunSort.CREATED_DESC,
                    Page.FIRST))
        .isEmpty();
  }

  @Test
  void oneThatWasNeverStartedIsStartedByTheNextAgent() throws Exception {
    limitQueue(1);
    UUID run = claimedBy(DEAD);

    workshop.agent().build().runOnce();

    assertThat(workshop.stateOf(run).type()).isEqualTo(StateType.COMPLETED);
    assertThat(executions()).containsExactly(run.toString());
    assertThat(workshop.sheave.api().flowRuns().listFlowRunStates(run))
        .extracting(State::type)
        .containsExactly(
            StateType.SCHEDULED,
            StateType.PENDING,
            StateType.SCHEDULED,
            StateType.PENDING,
            StateType.RUNNING,
            StateType.COMPLETED);
  }

  @Test
  void oneOfAnAgentThatLivesIsLeftToIt() {
    UUID ofThis = claimedBy(ProcessIdentity.own());
    UUID ofAnotherHost = claimedBy("elsewhere:1:1");

    workshop.agent().build().runOnce();

    assertThat(workshop.stateOf(ofThis).type()).isEqualTo(StateType.PENDING);
    assertThat(workshop.stateOf(ofAnotherHost).type()).isEqualTo(StateType.PENDING);
  }

  @Test
  void oneOfAnotherHostIsStartedHereWhenItsLeaseHasEnded() throws Exception {
    UUID run = workshop.schedule(deployment);
    AgentProfile gone =
        new AgentProfile(
            "elsewhere:1:1#1",
            "gone",
            "elsewhere",
            "1",
            WorkQueueApi.DEFAULT_POOL,
            Set.of(Workshop.QUEUE),
            Set.of());
    workshop
        .sheave
        .api()
        .agents()
        .sync(
            new AgentSync(
                gone,
                1,
                1,
                Duration.ZERO,
                Duration.ofMillis(1),
                Set.of(),
                Set.of(),
                Duration.ZERO));
    assertThat(workshop.stateOf(run).type()).isEqualTo(StateType.PENDING);

    workshop.agent().build().runOnce();

    assertThat(workshop.stateOf(run).type()).isEqualTo(StateType.COMPLETED);
    assertThat(executions()).containsExactly(run.toString());
  }

  /** Its agent took it for lost when the process was about to appear. */
  @Test
  void aProcessThatAppearsAfterAllLeavesTheRunToTheNext() throws Exception {
    UUID run = claimedBy(DEAD);
    FlowRunRecord asItWas = workshop.read(run);
    workshop.agent().build().runOnce();

    RunningInfrastructure late = start(asItWas);
    assertThat(endOf(late).exitCode()).hasValue(0);

    assertThat(workshop.stateOf(run).type()).isEqualTo(StateType.COMPLETED);
    assertThat(executions()).containsExactly(run.toString());
  }

  private RunningInfrastructure start(FlowRunRecord run) {
    return ProcessInfrastructure.builder().build().start(request(run.id()));
  }

  private static Ended endOf(RunningInfrastructure running) throws Exception {
    return running.ended().toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

  private RunRequest request(UUID run) {
    return RunRequest.builder(run, "owl", ApiAccess.to(workshop.sheave.api().url()))
        .home(workshop.home)
        .build();
  }

  @Test
  void theProcessSaysItselfWhichItIs() throws Exception {
    workshop.writeFlow("log.info(\"started\"); while (true) { Thread.sleep(60_000); }");
    UUID run = claimedBy(DEAD);
    RunningInfrastructure running = start(workshop.read(run));
    workshop.awaitLine(run, "started");

    assertThat(workshop.read(run).infrastructurePid()).isEqualTo(running.pid());
    running.kill(Duration.ZERO);
  }

  @Test
  void aProcessThatDiedBeforeItCouldSayAnythingIsFoundByWhatItNoted() throws Exception {
    UUID run = claimedBy(DEAD);
    Path folder = Files.createDirectories(workshop.home.resolve("runs/" + run + "-1"));
    String identity = ProcessIdentity.own();
    Files.writeString(
        folder.resolve("pid"), identity.substring(0, identity.lastIndexOf(':')) + "\n");

    workshop.agent().build().runOnce();

    // the process of that id is this one, which isn't the run's
    assertThat(workshop.stateOf(run).type()).isEqualTo(StateType.CRASHED);
    assertThat(workshop.stateOf(run).message())
        .startsWith("Flow run infrastructure ended before the run did, and so did its agent. The");
  }

  @Test
  void cancellingEndsAProcessThatOnlyTheHomeKnows() throws Exception {
    UUID run = claimedBy(DEAD);
    RunningInfrastructure running =
        ProcessInfrastructure.builder()
            .command(List.of("sleep", "600"))
            .build()
            .start(request(run));
    workshop.sheave.api().flowRuns().setFlowRunState(run, State.of(StateType.CANCELLING), false);

    workshop.agent().build().runOnce();

    assertThat(workshop.stateOf(run).type()).isEqualTo(StateType.CANCELLED);
    assertThat(endOf(running).exitCode()).hasValue(143);
  }

  @Test
  void cancellingDoesNotSayCancelledOfWhatAnotherAgentStarts() {
    UUID ofALivingOne = claimedBy(ProcessIdentity.own());
    UUID ofAnotherHost = claimedBy("elsewhere:1:1");
    UUID ofADeadOne = claimedBy(DEAD);
    var runs = workshop.sheave.api().flowRuns();
    for (UUID run : List.of(ofALivingOne, ofAnotherHost, ofADeadOne)) {
      runs.setFlowRunState(run, State.of(StateType.CANCELLING), false);
    }

    workshop.agent().build().runOnce();

    assertThat(workshop.stateOf(ofALivingOne).type()).isEqualTo(StateType.CANCELLING);
    assertThat(workshop.stateOf(ofAnotherHost).type()).isEqualTo(StateType.CANCELLING);
    assertThat(workshop.stateOf(ofADeadOne).type()).isEqualTo(StateType.CANCELLED);
    assertThat(workshop.stateOf(ofADeadOne).message())
        .isEqualTo("The agent that took this run died before it could start it.");
  }
}
