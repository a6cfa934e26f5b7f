package dev.sheave.testkit.orchestration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.SheaveException.Code;
import dev.sheave.api.Change;
import dev.sheave.api.DeploymentRecord;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.NewFlowRun;
import dev.sheave.api.OrchestrationApi;
import dev.sheave.api.Page;
import dev.sheave.api.State;
import dev.sheave.api.StateTransition;
import dev.sheave.api.StateTransition.Status;
import dev.sheave.api.StateType;
import dev.sheave.api.WorkQueueApi;
import dev.sheave.api.WorkQueueApi.WorkQueueUpdate;
import dev.sheave.api.WorkQueueRecord;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The contract of {@link WorkQueueApi}. */
public abstract class WorkQueueContract extends OrchestrationContract {
  private final Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);

  /** For the test of an implementation. */
  protected WorkQueueContract() {}

  private WorkQueueApi queues() {
    return api().workQueues();
  }

  private FlowRunRecord runDueAt(DeploymentRecord deployment, Instant time) {
    return api().flowRuns().createFlowRun(deployment.id(), NewFlowRun.at(time));
  }

  private List<UUID> handedOut(int limit) {
    return queues().readRunsOfWorkQueue(queue().id(), limit, now).stream()
        .map(FlowRunRecord::id)
        .toList();
  }

  private void limit(@Nullable Integer limit) {
    queues().updateWorkQueue(queue().id(), WorkQueueUpdate.NONE.withConcurrencyLimit(limit));
  }

  @Test
  void aQueueIsFoundByItsName() {
    WorkQueueRecord made = queues().createWorkQueue("test", "For tests.", 3);

    assertThat(made.name()).isEqualTo("test");
    assertThat(made.description()).isEqualTo("For tests.");
    assertThat(made.concurrencyLimit()).isEqualTo(3);
    assertThat(made.isPaused()).isFalse();
    assertThat(made.priority()).isEqualTo(1);
    assertThat(made.workPoolName()).isEqualTo(WorkQueueApi.DEFAULT_POOL);
    assertThat(made.lastPolled()).isNull();
    assertThat(queues().findWorkQueue("test")).contains(made);
    assertThat(queues().findWorkQueue("other")).isEmpty();
    assertRefused(Code.ALREADY_EXISTS, () -> queues().createWorkQueue("test", null, null));
    assertRefused(Code.INVALID, () -> queues().createWorkQueue("a/b", null, null));
    assertRefused(Code.INVALID, () -> queues().createWorkQueue("negative", null, -1));
  }

  @Test
  void queuesAreListedByTheBeginningOfTheirNames() {
    for (String name : List.of("prod-b", "prod-a", "test", "Prod-c", "pro_")) {
      queues().createWorkQueue(name, null, null);
    }

    assertThat(names("prod", Page.FIRST)).containsExactly("prod-a", "prod-b");
    assertThat(names("pro_", Page.FIRST)).containsExactly("pro_");
    assertThat(names("", Page.FIRST)).hasSize(5);
    assertThat(names("prod", Page.first(1).next())).containsExactly("prod-b");
  }

  private List<String> names(String prefix, Page page) {
    return queues().listWorkQueues(prefix, page).stream().map(WorkQueueRecord::name).toList();
  }

  @Test
  void anUpdateChangesWhatItNames() {
    WorkQueueRecord made = queues().createWorkQueue("test", "Old.", 3);

    queues()
        .updateWorkQueue(
            made.id(),
            new WorkQueueUpdate(
                Change.keep(), Change.to("New."), Change.to(true), Change.to(null), Change.to(7)));

    WorkQueueRecord changed = queue();
    assertThat(changed.description()).isEqualTo("New.");
    assertThat(changed.isPaused()).isTrue();
    assertThat(changed.concurrencyLimit()).isNull();
    assertThat(changed.priority()).isEqualTo(7);
    queues().updateWorkQueue(made.id(), WorkQueueUpdate.NONE);
    assertThat(queue()).isEqualTo(changed);
    assertRefused(
        Code.NOT_FOUND, () -> queues().updateWorkQueue(UUID.randomUUID(), WorkQueueUpdate.NONE));
  }

  @Test
  void aQueueIsRenamedWithTheRunsThatWaitInIt() {
    FlowRunRecord run = scheduledRun();
    queues().createWorkQueue("taken", null, null);
    UUID id = queue().id();

    queues().updateWorkQueue(id, WorkQueueUpdate.NONE.withName("renamed"));

    assertThat(queues().findWorkQueue("test")).isEmpty();
    assertThat(queues().findWorkQueue("renamed")).map(WorkQueueRecord::id).hasValue(id);
    assertThat(read(run).workQueueName()).isEqualTo("renamed");
    assertThat(api().deployments().findDeployment("log-flow", "log-flow-s3"))
        .map(deployment -> deployment.spec().workQueueName())
        .hasValue("renamed");
    queues().updateWorkQueue(id, WorkQueueUpdate.NONE.withName("renamed"));
    assertRefused(
        Code.ALREADY_EXISTS,
        () -> queues().updateWorkQueue(id, WorkQueueUpdate.NONE.withName("taken")));
    assertRefused(
        Code.INVALID, () -> queues().updateWorkQueue(id, WorkQueueUpdate.NONE.withName("a/b")));
  }

  @Test
  void theRunsOfADeletedQueueWaitInNone() {
    FlowRunRecord run = scheduledRun();
    UUID queue = queue().id();

    queues().deleteWorkQueue(queue);

    assertThat(queues().findWorkQueue("test")).isEmpty();
    assertThat(api().flowRuns().readFlowRun(run.id()).workQueueName()).isNull();
    assertRefused(Code.NOT_FOUND, () -> queues().deleteWorkQueue(queue));
    assertRefused(Code.NOT_FOUND, () -> queues().readRunsOfWorkQueue(queue, 10, now));
  }

  @Test
  void theRunsThatAreDueAreHandedOutInTheirOrder() {
    DeploymentRecord deployment = deployment("log-flow", "log-flow-s3");
    FlowRunRecord third = runDueAt(deployment, now);
    FlowRunRecord first = runDueAt(deployment, now.minusSeconds(20));
    FlowRunRecord second = runDueAt(deployment, now.minusSeconds(10));
    runDueAt(deployment, now.plusSeconds(1));
    take(runDueAt(deployment, now.minusSeconds(30)), StateType.PENDING);
    api().flowRuns().createFlowRunOfFlow(deployment.spec().flowId(), NewFlowRun.now(Map.of()));

    assertThat(handedOut(10)).containsExactly(first.id(), second.id(), third.id());
    assertThat(handedOut(2)).containsExactly(first.id(), second.id());
    take(first, StateType.PENDING);
    assertThat(handedOut(10)).containsExactly(second.id(), third.id());
  }

  @Test
  void aPausedQueueHandsOutNothing() {
    FlowRunRecord run = runDueAt(deployment("log-flow", "log-flow-s3"), now);

    queues().updateWorkQueue(queue().id(), WorkQueueUpdate.NONE.withPaused(true));
    assertThat(handedOut(10)).isEmpty();

    queues().updateWorkQueue(queue().id(), WorkQueueUpdate.NONE.withPaused(false));
    assertThat(handedOut(10)).containsExactly(run.id());
  }

  @Test
  void aLimitCountsTheRunsThatAreUnderWay() {
    DeploymentRecord deployment = deployment("log-flow", "log-flow-s3");
    List<FlowRunRecord> runs = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      runs.add(runDueAt(deployment, now.minusSeconds(60 - i)));
    }
    take(runs.get(0), StateType.PENDING);
    take(runs.get(1), StateType.PENDING, StateType.RUNNING);
    take(runs.get(2), StateType.PENDING, StateType.CANCELLING);

    limit(4);
    assertThat(handedOut(10)).containsExactly(runs.get(3).id());
    limit(3);
    assertThat(handedOut(10)).isEmpty();
    take(runs.get(1), StateType.COMPLETED);
    assertThat(handedOut(10)).containsExactly(runs.get(3).id());
    limit(0);
    assertThat(handedOut(10)).isEmpty();
    limit(null);
    assertThat(handedOut(10)).hasSize(3);
  }

  @Test
  void aClaimThatTheLimitForbidsWaits() {
    DeploymentRecord deployment = deployment("log-flow", "log-flow-s3");
    FlowRunRecord first = runDueAt(deployment, now);
    FlowRunRecord second = runDueAt(deployment, now);
    limit(1);
    take(first, StateType.PENDING);

    StateTransition answer = propose(second, StateType.PENDING);

    assertThat(answer.status()).isEqualTo(Status.WAIT);
    assertThat(answer.reason()).contains("test");
    assertThat(answer.delay()).isPositive();
    assertThat(api().flowRuns().readFlowRun(second.id())).isEqualTo(second);
    take(first, StateType.RUNNING, StateType.COMPLETED);
    take(second, StateType.PENDING);
  }

  @Test
  void agentsTogetherKeepALimit() throws Exception {
    DeploymentRecord deployment = deployment("log-flow", "log-flow-s3");
    List<UUID> runs = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      runs.add(runDueAt(deployment, now).id());
    }
    limit(3);
    List<OrchestrationApi> agents = List.of(connectAgain(), connectAgain(), connectAgain());
    ExecutorService threads = Executors.newFixedThreadPool(agents.size());
    try {
      List<Future<Long>> claims = new ArrayList<>();
      for (OrchestrationApi agent : agents) {
        claims.add(
            threads.submit(
                () ->
                    runs.stream()
                        .filter(
                            id ->
                                agent
                                    .flowRuns()
                                    .setFlowRunState(id, State.of(StateType.PENDING), false)
                                    .isAccepted())
                        .count()));
      }
      long claimed = 0;
      for (Future<Long> each : claims) {
        claimed += each.get();
      }

      assertThat(claimed).isEqualTo(3);
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void itIsKnownWhenAnAgentLastAsked() {
    scheduledRun();
    Instant before = Instant.now();

    handedOut(1);

    long start = System.nanoTime();
    while (queue().lastPolled() == null
        && System.nanoTime() - start < Duration.ofSeconds(30).toNanos()) {
      Thread.onSpinWait(); // a server may note it after its answer
    }
    assertThat(queue().lastPolled()).isBetween(before.minusMillis(1), Instant.now().plusMillis(1));
  }
}
