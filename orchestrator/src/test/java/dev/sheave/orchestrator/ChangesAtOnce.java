package dev.sheave.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.AgentProfile;
import dev.sheave.api.AgentSync;
import dev.sheave.api.DeploymentSpec;
import dev.sheave.api.FlowRunApi.NewLogLine;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.FlowRunRecord.RetryPolicy;
import dev.sheave.api.NewFlowRun;
import dev.sheave.api.OrchestrationApi;
import dev.sheave.api.Page;
import dev.sheave.api.RunClaim;
import dev.sheave.api.RunFence;
import dev.sheave.api.State;
import dev.sheave.api.StateDetails;
import dev.sheave.api.StateTransition;
import dev.sheave.api.StateTransition.Status;
import dev.sheave.api.StateType;
import dev.sheave.api.WorkQueueApi;
import dev.sheave.block.Secret;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many threads change runs of one store at once; each gets what it would get alone. */
@Timeout(120)
abstract class ChangesAtOnce {
  static final int CLIENTS = 24;

  final ExecutorService clients = Executors.newCachedThreadPool();
  OrchestrationApi api;

  abstract OrchestrationApi open();

  @BeforeEach
  void connect() {
    api = open();
  }

  @AfterEach
  void disconnect() {
    clients.shutdownNow();
    api.close();
  }

  /** What tasks have led to, by their names. */
  record Answers<T>(Map<String, Future<T>> all) {
    Future<T> of(String name) {
      return Objects.requireNonNull(all.get(name));
    }
  }

  /** Makes runs that an agent has claimed. */
  List<UUID> claimed(int count) {
    return claimed(count, RetryPolicy.NONE);
  }

  List<UUID> claimed(int count, RetryPolicy retries) {
    create(count, "q", retries);
    RunClaim claim =
        new RunClaim("agent", Duration.ofMinutes(5), Instant.now().plusSeconds(60), count);
    return api.workPools().claimRuns(WorkQueueApi.DEFAULT_POOL, Set.of("q"), claim).stream()
        .map(FlowRunRecord::id)
        .toList();
  }

  /** Makes runs that wait in a queue. */
  void create(int count, String queue, RetryPolicy retries) {
    UUID flow = api.deployments().createFlow("flow").id();
    DeploymentSpec spec = DeploymentSpec.builder("d " + queue, flow).workQueueName(queue).build();
    UUID deployment = api.deployments().applyDeployment(spec).deployment().id();
    NewFlowRun run = NewFlowRun.now(Map.of("name", "value")).toBuilder().retries(retries).build();
    for (int i = 0; i < count; i++) {
      api.flowRuns().createFlowRun(deployment, run);
    }
  }

  /** Returns the runs that an agent is given when it calls with room for some. */
  List<FlowRunRecord> sync(String agent, String queue, int round, int room) {
    AgentProfile profile =
        new AgentProfile(
            agent, agent, "host", "1", WorkQueueApi.DEFAULT_POOL, Set.of(queue), Set.of());
    Duration lease = Duration.ofMinutes(5);
    AgentSync sync =
        new AgentSync(
            profile, round, room, Duration.ofSeconds(60), lease, Set.of(), Set.of(), Duration.ZERO);
    return api.agents().sync(sync).runs();
  }

  static <T> Map<String, T> answersOf(Map<String, Future<T>> calls) throws Exception {
    Map<String, T> answers = new HashMap<>();
    for (Map.Entry<String, Future<T>> call : calls.entrySet()) {
      answers.put(call.getKey(), call.getValue().get());
    }
    return answers;
  }

  /** Checks that runs are given to one agent each, and are told as they are recorded. */
  void assertGivenOnce(Map<String, List<FlowRunRecord>> runs) {
    List<UUID> given = new ArrayList<>();
    runs.forEach(
        (agent, own) ->
            own.forEach(
                run -> {
                  given.add(run.id());
                  assertThat(run.lease()).isNotNull();
                  assertThat(run.lease().owner()).isEqualTo(agent);
                  assertThat(run).isEqualTo(api.flowRuns().readFlowRun(run.id()));
                }));
    assertThat(given).doesNotHaveDuplicates();
  }

  @Test
  void agentsThatAskAtOnceAreGivenDifferentRuns() throws Exception {
    create(60, "q", RetryPolicy.NONE);
    create(5, "other", RetryPolicy.NONE);
    Map<String, Future<List<FlowRunRecord>>> calls = new HashMap<>();
    for (int i = 1; i <= 10; i++) {
      int room = i;
      calls.put("agent " + i, clients.submit(() -> sync("agent " + room, "q", 1, room)));
    }
    calls.put("of other", clients.submit(() -> sync("of other", "other", 1, 3)));
    Map<String, List<FlowRunRecord>> given = answersOf(calls);

    assertGivenOnce(given);
    for (int i = 1; i <= 10; i++) {
      assertThat(given.get("agent " + i)).hasSize(i);
    }
    assertThat(given.get("of other")).hasSize(3);
    assertThat(sync("agent 1", "q", 2, 10)).hasSize(5 + 1); // its own is told again
  }

  StateTransition set(UUID run, StateType type) {
    return set(run, State.of(type));
  }

  StateTransition set(UUID run, State state) {
    return api.flowRuns().setFlowRunState(run, state, false);
  }

  static State runningIfStill(State expected) {
    return State.of(StateType.RUNNING)
        .withDetails(
            StateDetails.NONE.with(StateDetails.EXPECTED_STATE_ID, expected.id().toString()));
  }

  State stateOf(UUID run) {
    return api.flowRuns().readFlowRun(run).state();
  }

  List<StateType> typesOf(UUID run) {
    return api.flowRuns().listFlowRunStates(run).stream().map(State::type).toList();
  }

  List<String> logOf(UUID run) {
    return api.flowRuns().listLogs(run, null, Page.FIRST).stream()
        .map(each -> each.line().message())
        .toList();
  }

  static NewLogLine line(UUID run, String message) {
    return new NewLogLine(run, "test", 20, message, Instant.now());
  }

  static void assertRefused(Future<?> answer, Code code) {
    assertThatThrownBy(answer::get)
        .cause()
        .isInstanceOfSatisfying(SheaveException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  private void byManyThreads(List<Callable<Object>> tasks) throws Exception {
    ExecutorService many = Executors.newFixedThreadPool(CLIENTS);
    try {
      for (Future<Object> each : many.invokeAll(tasks)) {
        each.get();
      }
    } finally {
      many.shutdownNow();
    }
  }

  @Test
  void runsOfManyThreadsGoFromStateToStateWithTheirLogs() throws Exception {
    List<UUID> runs = claimed(96);
    List<Callable<Object>> tasks = new ArrayList<>();
    for (UUID run : runs) {
      tasks.add(
          () -> {
            StateTransition running = set(run, StateType.RUNNING);
            assertThat(running.status()).isEqualTo(Status.ACCEPT);
            assertThat(running.state()).isEqualTo(stateOf(run));
            api.flowRuns().createLogs(List.of(line(run, "one"), line(run, "two")));
            api.flowRuns().createLogs(List.of(line(run, "three")));
            assertThat(set(run, StateType.COMPLETED).isAccepted()).isTrue();
            return true;
          });
    }
    byManyThreads(tasks);

    for (UUID run : runs) {
      FlowRunRecord record = api.flowRuns().readFlowRun(run);
      List<State> states = api.flowRuns().listFlowRunStates(run);
      assertThat(states)
          .extracting(State::type)
          .containsExactly(
              StateType.SCHEDULED, StateType.PENDING, StateType.RUNNING, StateType.COMPLETED);
      assertThat(states).isSortedAccordingTo((a, b) -> a.timestamp().compareTo(b.timestamp()));
      assertThat(record.state()).isEqualTo(states.get(3));
      assertThat(record.runCount()).isOne();
      assertThat(record.lease()).isNull();
      assertThat(record.startTime()).isEqualTo(states.get(2).timestamp());
      assertThat(record.endTime()).isEqualTo(states.get(3).timestamp());
      assertThat(logOf(run)).containsExactly("one", "two", "three");
    }
  }

  @Test
  void proposalsAreJudgedEachByItself() throws Exception {
    List<UUID> runs = claimed(6, new RetryPolicy(1, Duration.ofMinutes(1), Map.of()));
    UUID started = runs.get(0);
    UUID failing = runs.get(1);
    UUID contested = runs.get(2);
    UUID stopped = runs.get(3);
    UUID infrastructure = runs.get(4);
    UUID keyed = runs.get(5);
    State known = set(started, StateType.RUNNING).state();
    set(failing, StateType.RUNNING);
    set(stopped, StateType.CANCELLING);
    Secret key = api.flowRuns().createRunKey(keyed);
    State seen = stateOf(contested);
    State overtaken =
        State.of(StateType.COMPLETED).withDetails(StateDetails.NONE.with(new RunFence(99, null)));
    State placed =
        State.of(StateType.RUNNING)
            .withDetails(StateDetails.NONE.with(StateDetails.INFRASTRUCTURE_PID, "pid-1"));

    Answers<StateTransition> answers =
        together(
            Map.of(
                "known", () -> set(started, known),
                "taken", () -> set(contested, known),
                "overtaken", () -> set(started, overtaken),
                "missing", () -> set(UUID.randomUUID(), StateType.RUNNING),
                "failed", () -> set(failing, StateType.FAILED),
                "one", () -> set(contested, runningIfStill(seen)),
                "other", () -> set(contested, runningIfStill(seen)),
                "cancelled", () -> set(stopped, StateType.COMPLETED),
                "placed", () -> set(infrastructure, placed),
                "keyed", () -> set(keyed, StateType.COMPLETED)));

    assertThat(answers.of("known").get()).isEqualTo(StateTransition.accepted(known));
    assertRefused(answers.of("taken"), Code.INVALID);
    assertThat(answers.of("overtaken").get().status()).isEqualTo(Status.ABORT);
    assertThat(answers.of("overtaken").get().state()).isEqualTo(known);
    assertRefused(answers.of("missing"), Code.NOT_FOUND);
    StateTransition failed = answers.of("failed").get();
    assertThat(failed.status()).isEqualTo(Status.REJECT);
    assertThat(failed.isRecorded()).isTrue();
    assertThat(failed.state()).isEqualTo(stateOf(failing));
    assertThat(failed.state().name()).isEqualTo("AwaitingRetry");
    assertThat(List.of(answers.of("one").get().status(), answers.of("other").get().status()))
        .containsExactlyInAnyOrder(Status.ACCEPT, Status.ABORT);
    assertThat(typesOf(contested))
        .containsExactly(StateType.SCHEDULED, StateType.PENDING, StateType.RUNNING);
    assertThat(answers.of("cancelled").get().status()).isEqualTo(Status.REJECT);
    assertThat(answers.of("cancelled").get().isRecorded()).isFalse();
    assertThat(answers.of("placed").get().isAccepted()).isTrue();
    assertThat(api.flowRuns().readFlowRun(infrastructure).infrastructurePid()).isEqualTo("pid-1");
    assertThat(api.flowRuns().readFlowRun(infrastructure).lease()).isNotNull();
    assertThat(answers.of("keyed").get().isAccepted()).isTrue();
    assertThat(api.administration().orElseThrow().apiKeys().useKey(key).orElseThrow().expires())
        .isEqualTo(stateOf(keyed).timestamp().plusSeconds(60));
  }

  @Test
  void aMistakeIsToldToItsCallerAlone() throws Exception {
    List<UUID> runs = claimed(3);
    State wrong =
        State.of(StateType.RUNNING).withDetails(StateDetails.NONE.with(RunFence.EPOCH, "one"));

    Answers<StateTransition> answers =
        together(
            Map.of(
                "a", () -> set(runs.get(0), StateType.RUNNING),
                "wrong", () -> set(runs.get(1), wrong),
                "b", () -> set(runs.get(2), StateType.RUNNING)));

    assertThat(answers.of("a").get().isAccepted()).isTrue();
    assertRefused(answers.of("wrong"), Code.INVALID);
    assertThat(answers.of("b").get().isAccepted()).isTrue();
    assertThat(stateOf(runs.get(1)).type()).isEqualTo(StateType.PENDING);
  }

  @Test
  void linesOfADeletedRunConcernTheirCallerAlone() throws Exception {
    List<UUID> runs = claimed(3);
    UUID deleted = runs.get(1);
    api.flowRuns().deleteFlowRun(deleted);

    Answers<Boolean> answers =
        together(
            Map.of(
                "a", () -> log(line(runs.get(0), "a1"), line(runs.get(0), "a2")),
                "half", () -> log(line(runs.get(0), "lost"), line(deleted, "lost")),
                "c", () -> log(line(runs.get(2), "c")),
                "both", () -> log(line(runs.get(2), "of both"), line(runs.get(0), "of both"))));

    assertRefused(answers.of("half"), Code.NOT_FOUND);
    for (String each : List.of("a", "c", "both")) {
      assertThat(answers.of(each).get()).isTrue();
    }
    assertThat(logOf(runs.get(0))).hasSize(3).containsSubsequence("a1", "a2").contains("of both");
    assertThat(logOf(runs.get(2))).containsExactlyInAnyOrder("c", "of both");
  }

  boolean log(NewLogLine... lines) {
    api.flowRuns().createLogs(List.of(lines));
    return true;
  }

  /** Does all at once, each by a thread of its own. */
  <T> Answers<T> together(Map<String, Callable<T>> tasks) throws Exception {
    Map<String, Future<T>> answers = new HashMap<>();
    tasks.forEach((name, task) -> answers.put(name, clients.submit(task)));
    return new Answers<>(answers);
  }
}
