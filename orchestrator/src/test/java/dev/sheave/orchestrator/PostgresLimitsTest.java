package dev.sheave.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.api.DeploymentSpec;
import dev.sheave.api.NewFlowRun;
import dev.sheave.api.NewTaskRun;
import dev.sheave.api.OrchestrationApi;
import dev.sheave.api.State;
import dev.sheave.api.StateTransition;
import dev.sheave.api.StateType;
import dev.sheave.api.WorkQueueApi.WorkQueueUpdate;
import dev.sheave.testkit.PostgresSchema;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Limits that many start runs under at once, on PostgreSQL. */
class PostgresLimitsTest {
  private static final int CLIENTS = 16;
  private static final int RUNS = 160;

  private final PostgresSchema schema = new PostgresSchema();

  @TempDir private Path home;

  @AfterEach
  void dropSchema() throws Exception {
    schema.close();
  }

  /** What a client does to have a place among those under way, and to give it back. */
  private record Place(Supplier<StateTransition> take, Runnable giveBack) {}

  /** Lets clients have all places in turns; none is refused, and no limit is passed. */
  private static void assertLimitIsKept(int limit, List<Place> places) throws Exception {
    ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
    AtomicInteger underWay = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    try {
      List<Future<?>> all = new ArrayList<>();
      for (Place place : places) {
        all.add(
            clients.submit(
                () -> {
                  StateTransition answer = place.take.get();
                  while (answer.status() == StateTransition.Status.WAIT) {
                    answer = place.take.get();
                  }
                  assertThat(answer.status()).isEqualTo(StateTransition.Status.ACCEPT);
                  most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
                  underWay.decrementAndGet();
                  place.giveBack.run();
                }));
      }
      for (Future<?> each : all) {
        each.get();
      }
    } finally {
      clients.shutdownNow();
    }
    assertThat(most.get()).isBetween(1, limit);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 1000})
  @Timeout(180)
  void runsOfALimitedQueueThatStartAtOnceWaitForEachOther(int limit) throws Exception {
    try (OrchestrationApi api = Stores.open(schema, home);
        OrchestrationApi other = Stores.open(schema, home)) {
      UUID flow = api.deployments().createFlow("flow").id();
      DeploymentSpec spec = DeploymentSpec.builder("d", flow).workQueueName("q").build();
      UUID deployment = api.deployments().applyDeployment(spec).deployment().id();
      UUID queue = api.workQueues().findWorkQueue("q").orElseThrow().id();
      api.workQueues().updateWorkQueue(queue, WorkQueueUpdate.NONE.withConcurrencyLimit(limit));
      List<Place> places = new ArrayList<>();
      for (int i = 0; i < RUNS; i++) {
        UUID run = api.flowRuns().createFlowRun(deployment, NewFlowRun.now(Map.of())).id();
        OrchestrationApi program = i % 2 == 0 ? api : other;
        places.add(
            new Place(
                () -> program.flowRuns().setFlowRunState(run, State.of(StateType.PENDING), false),
                () ->
                    program.flowRuns().setFlowRunState(run, State.of(StateType.CANCELLED), false)));
      }

      assertLimitIsKept(limit, places);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 1000})
  @Timeout(180)
  void taskRunsOfALimitedTagThatStartAtOnceWaitForEachOther(int limit) throws Exception {
    try (OrchestrationApi api = Stores.open(schema, home);
        OrchestrationApi other = Stores.open(schema, home)) {
      UUID flow = api.deployments().createFlow("flow").id();
      UUID run = api.flowRuns().createFlowRunOfFlow(flow, NewFlowRun.now(Map.of())).id();
      api.flowRuns().setFlowRunState(run, State.of(StateType.RUNNING), true);
      api.concurrencyLimits().setConcurrencyLimit("tag", limit);
      List<Place> places = new ArrayList<>();
      for (int i = 0; i < RUNS; i++) {
        UUID task =
            api.taskRuns()
                .findOrCreateTaskRun(
                    NewTaskRun.builder(State.of(StateType.PENDING), run, "task", "" + i)
                        .tags(List.of("tag"))
                        .build())
                .record()
                .id();
        OrchestrationApi program = i % 2 == 0 ? api : other;
        places.add(
            new Place(
                () -> program.taskRuns().setTaskRunState(task, State.of(StateType.RUNNING), false),
                () ->
                    program
                        .taskRuns()
                        .setTaskRunState(task, State.of(StateType.COMPLETED), false)));
      }

      assertLimitIsKept(limit, places);
    }
  }
}
