package dev.sheave.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sheave.Sheave;
import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.DeploymentRecord;
import dev.sheave.api.DeploymentSpec;
import dev.sheave.api.FlowRunApi.FlowRunSort;
import dev.sheave.api.FlowRunFilter;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.Page;
import dev.sheave.api.State;
import dev.sheave.api.StateType;
import dev.sheave.api.WorkQueueApi.WorkQueueUpdate;
import dev.sheave.block.Block;
import dev.sheave.block.BlockRegistry;
import dev.sheave.block.Secret;
import dev.sheave.block.SecretBlock;
import dev.sheave.flow.Entrypoint;
import dev.sheave.flow.FlowDefinition;
import dev.sheave.flow.FlowLoader;
import dev.sheave.flow.LoadedFlow;
import dev.sheave.flow.internal.FlowMethods;
import dev.sheave.runtime.FlowRunEngine;
import dev.sheave.storage.LocalFileSystem;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every call that an agent and a run make to the store, from the first to the last, fails once: the
 * run ends as if it hadn't.
 */
@Timeout(400)
@SuppressWarnings("try") // agents work while they are open
class LostAnswersTest {
  private static final Duration AT_MOST = Duration.ofSeconds(60);

  private static final Set<String> NO_CALLS =
      Set.of("isServer", "close", "url", "features", "administration");

  @TempDir Path directory;
  private Workshop workshop;
  private DeploymentRecord deployment;
  private Map<String, @Nullable Object> parameters;
  private int runs;

  private static final class Loader implements FlowLoader {
    @Override
    public LoadedFlow load(Path code, Entrypoint entrypoint, BlockRegistry types) {
      FlowDefinition definition =
          FlowDefinition.of(FlowMethods.find(HeldFlow.class, entrypoint.method()));
      return new LoadedFlow() {
        @Override
        public FlowDefinition definition() {
          return definition;
        }

        @Override
        public BlockRegistry blockTypes() {
          return types;
        }

        @Override
        public void close() {}
      };
    }
  }

  @BeforeEach
  void open() {
    workshop = new Workshop(directory);
    Sheave sheave = workshop.sheave;
    workshop.write("data.txt", "a file of the flow");
    UUID flow = sheave.api().deployments().createFlow("flow").id();
    deployment =
        sheave
            .api()
            .deployments()
            .applyDeployment(
                DeploymentSpec.builder("here", flow)
                    .workQueueName(Workshop.QUEUE)
                    .infrastructureDocumentId(save(new InProcess()))
                    .storageDocumentId(
                        save(LocalFileSystem.builder().basepath(workshop.code).build()))
                    .entrypoint("HeldFlow.java:flow")
                    .build())
            .deployment();
    // a slot that one run holds is missed by the next
    UUID queue = sheave.api().workQueues().findWorkQueue(Workshop.QUEUE).orElseThrow().id();
    sheave.api().workQueues().updateWorkQueue(queue, WorkQueueUpdate.NONE.withConcurrencyLimit(1));
    UUID token = save(new SecretBlock(Secret.of("the result")));
    parameters = Map.of("token", Map.of("$ref", Map.of("block_document_id", token.toString())));
  }

  private UUID save(Block block) {
    return workshop.save(block, "mine");
  }

  @AfterEach
  void close() {
    FaultyOrchestration.setNetwork((method, arguments, call) -> call.call());
    workshop.close();
  }

  /** What is left of a run. */
  private record Outcome(List<String> states, List<String> log, int executions) {}

  /** A run, and what happens to it from outside. */
  private interface Scenario {
    void act(UUID run) throws Exception;
  }

  @Test
  void aRunThatFailsAndIsTriedAgain() throws Exception {
    InProcess.setProgram((request, killed) -> execute(request.flowRunId()));
    Outcome outcome = checkEachCall(run -> {});
    assertThat(outcome.states())
        .containsExactly(
            "Scheduled", "Pending", "Running", "AwaitingRetry", "Running", "Completed");
    assertThat(outcome.log()).containsOnlyOnce("execution 1", "execution 2", "the end");
    assertThat(outcome.executions()).isEqualTo(2);
  }

  @Test
  void aRunThatIsCancelled() throws Exception {
    InProcess.setProgram(
        (request, killed) -> {
          CountDownLatch held = new CountDownLatch(1);
          HeldFlow.hold = held;
          Thread release =
              new Thread(
                  () -> {
                    try {
                      killed.await();
                    } catch (InterruptedException e) {
                      Thread.currentThread().interrupt();
                    }
                    held.countDown();
                  });
          release.setDaemon(true);
          release.start();
          return execute(request.flowRunId());
        });
    Outcome outcome =
        checkEachCall(
            run -> {
              HeldFlow.started.await();
              workshop
                  .sheave
                  .api()
                  .flowRuns()
                  .setFlowRunState(run, State.of(StateType.CANCELLING), false);
            });
    HeldFlow.hold = new CountDownLatch(0);
    assertThat(outcome.states())
        .containsExactly("Scheduled", "Pending", "Running", "Cancelling", "Cancelled");
    assertThat(outcome.executions()).isEqualTo(1);
  }

  @Test
  void aRunWhoseProcessDies() throws Exception {
    InProcess.setProgram((request, killed) -> 3);
    Outcome outcome = checkEachCall(run -> {});
    assertThat(outcome.states()).containsExactly("Scheduled", "Pending", "Crashed");
    assertThat(outcome.executions()).isZero();
  }

  @Test
  void aRunThatCannotBeginAndIsNotTriedAgain() throws Exception {
    parameters = Map.of();
    InProcess.setProgram((request, killed) -> execute(request.flowRunId()));
    Outcome outcome = checkEachCall(run -> {});
    assertThat(outcome.states()).containsExactly("Scheduled", "Pending", "Failed");
    assertThat(outcome.executions()).isZero();
  }

  /** Executes a run as a process of its own does. */
  private int execute(UUID run) throws Exception {
    Path working = Files.createTempDirectory(directory, "run");
    try (Sheave own = connect()) {
      new FlowRunEngine(own, new Loader()).run(run, working);
    }
    return 0;
  }

  private Sheave connect() {
    return Sheave.builder()
        .home(workshop.home)
        .url("faulty:jdbc:sqlite:" + workshop.home.resolve("sheave.db"))
        .connect();
  }

  private Outcome checkEachCall(Scenario scenario) throws Exception {
    Calls record = new Calls(null);
    Outcome expected = run(record, scenario);
    Set<String> methods = new TreeSet<>();
    Set<String> lost = new TreeSet<>();
    for (Loss each : record.seen()) {
      Calls calls = new Calls(each);
      assertThat(run(calls, scenario)).as(each.toString()).isEqualTo(expected);
      methods.add(each.method());
      if (calls.hasFailed()) {
        lost.add(each.method());
      }
    }
    assertThat(lost).isEqualTo(methods).contains("setFlowRunState", "readFlowRun");
    return expected;
  }

  private Outcome run(Calls calls, Scenario scenario) throws Exception {
    HeldFlow.EXECUTIONS.set(0);
    HeldFlow.started = new CountDownLatch(1);
    FaultyOrchestration.setNetwork(calls);
    UUID run = workshop.schedule(deployment, parameters);
    try (Sheave connection = connect();
        Agent agent = start(connection)) {
      scenario.act(run);
      await()
          .atMost(AT_MOST)
          .pollInterval(Duration.ofMillis(10))
          .until(() -> workshop.stateOf(run).isTerminal());
    }
    assertThat(
            workshop
                .sheave
                .api()
                .flowRuns()
                .listFlowRuns(
                    FlowRunFilter.ALL.withStateTypes(
                        Set.of(
                            StateType.SCHEDULED,
                            StateType.PENDING,
                            StateType.RUNNING,
                            StateType.CANCELLING)),
                    FlowRunSort.ID_DESC,
                    Page.FIRST))
        .as("runs that aren't over after %s", calls)
        .isEmpty();
    return new Outcome(
        workshop.sheave.api().flowRuns().listFlowRunStates(run).stream().map(State::name).toList(),
        // stack traces show how reflection calls the flow, which changes after some calls; and the
        // threads of this test aren't the flow's
        workshop.log(run).stream()
            .map(line -> line.lines().findFirst().orElse(""))
            .filter(line -> !line.startsWith("The flow left threads running"))
            .toList(),
        HeldFlow.EXECUTIONS.get());
  }

  /** Whoever can't reach the store as the agent starts sees it, and starts it again. */
  private Agent start(Sheave connection) {
    String made = "made-" + ++runs;
    while (true) {
      try {
        return Agent.builder(connection)
            .queues(Workshop.QUEUE, made)
            .pollInterval(Duration.ofMillis(20))
            .start();
      } catch (SheaveException e) {
        assertThat(e.code()).isEqualTo(Code.UNAVAILABLE);
      }
    }
  }

  /**
   * A call that fails.
   *
   * @param situation what it is about: the answer of one that reads, the argument of one that
   *     writes
   * @param number which of those that are alike
   * @param isDone whether the store carries it out, and only its answer is lost
   */
  private record Loss(String method, String situation, int number, boolean isDone) {}

  /** Records the calls, of which one may fail. */
  private static final class Calls implements FaultyOrchestration.Network {
    private final @Nullable Loss loss;
    private final Set<Loss> seen = Collections.synchronizedSet(new LinkedHashSet<>());
    private final Map<String, AtomicInteger> numbers = Collections.synchronizedMap(new HashMap<>());
    private volatile boolean hasFailed;

    Calls(@Nullable Loss loss) {
      this.loss = loss;
    }

    List<Loss> seen() {
      return List.copyOf(seen);
    }

    boolean hasFailed() {
      return hasFailed;
    }

    @Override
    public @Nullable Object pass(
        Method method, @Nullable Object @Nullable [] arguments, Callable<@Nullable Object> call)
        throws Exception {
      String name = method.getName();
      if (NO_CALLS.contains(name)) {
        return call.call();
      }
      if (name.matches("(read|list|count|find(?!OrCreate)|usersOf).*")) {
        Object answer = call.call();
        failOnce(new Loss(name, describe(answer), 1, true));
        return answer;
      }
      String situation =
          arguments == null
              ? ""
              : Arrays.stream(arguments).map(Calls::describe).collect(Collectors.joining(" "));
      int number =
          numbers.computeIfAbsent(name + situation, key -> new AtomicInteger()).incrementAndGet();
      failOnce(new Loss(name, situation, number, false));
      Object answer = call.call();
      failOnce(new Loss(name, situation, number, true));
      return answer;
    }

    private void failOnce(Loss now) {
      if (seen.add(now) && now.equals(loss)) {
        hasFailed = true;
        throw new SheaveException(Code.UNAVAILABLE, "The answer was lost.");
      }
    }

    /** What tells one situation of a run from another. */
    private static String describe(@Nullable Object value) {
      if (value instanceof State state) {
        return state.name();
      } else if (value instanceof FlowRunRecord run) {
        return run.state().name();
      } else if (value instanceof Optional<?> found) {
        return found.map(Calls::describe).orElse("none");
      } else if (value instanceof List<?> list) {
        return list.stream().map(Calls::describe).distinct().toList().toString();
      }
      return value == null ? "null" : value.getClass().getSimpleName();
    }

    @Override
    public String toString() {
      return String.valueOf(loss);
    }
  }
}
