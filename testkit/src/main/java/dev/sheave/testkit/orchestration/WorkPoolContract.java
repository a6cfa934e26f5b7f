package dev.sheave.testkit.orchestration;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.SheaveException.Code;
import dev.sheave.api.DeploymentRecord;
import dev.sheave.api.FieldMatch;
import dev.sheave.api.FlowRunApi;
import dev.sheave.api.FlowRunFilter;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.NewFlowRun;
import dev.sheave.api.NewWorkPool;
import dev.sheave.api.NewWorkQueue;
import dev.sheave.api.Page;
import dev.sheave.api.RunClaim;
import dev.sheave.api.RunLease;
import dev.sheave.api.StateDetails;
import dev.sheave.api.StateTransition;
import dev.sheave.api.StateType;
import dev.sheave.api.TimeMatch;
import dev.sheave.api.WorkPoolApi;
import dev.sheave.api.WorkPoolApi.WorkPoolUpdate;
import dev.sheave.api.WorkPoolFilter;
import dev.sheave.api.WorkPoolRecord;
import dev.sheave.api.WorkQueueApi;
import dev.sheave.api.WorkQueueApi.WorkQueueUpdate;
import dev.sheave.api.WorkQueueFilter;
import dev.sheave.api.WorkQueueRecord;
import dev.sheave.api.WorkQueueStatus;
import dev.sheave.api.WorkerRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The contract of work pools and their queues. */
public abstract class WorkPoolContract extends OrchestrationContract {
  private final Instant now = Instant.now();

  private static final Map<String, @Nullable Object> TEMPLATE =
      json(
          "job_configuration",
          json("shell", "sh"),
          "variables",
          json("type", "object", "properties", json()));

  /** For the test of an implementation. */
  protected WorkPoolContract() {}

  private WorkPoolApi pools() {
    return api().workPools();
  }

  @Test
  void aStoreHasOneIdForAllThatConnect() throws Exception {
    UUID id = api().storeId();

    assertThat(connectAgain().storeId()).isEqualTo(id).isNotEqualTo(new UUID(0, 0));
  }

  private DeploymentRecord deployment(String name, String pool, String queue) {
    return api()
        .deployments()
        .applyDeployment(
            spec("log-flow", name).toBuilder().workPoolName(pool).workQueueName(queue).build())
        .deployment();
  }

  private FlowRunRecord run(DeploymentRecord deployment, Instant due) {
    return api().flowRuns().createFlowRun(deployment.id(), NewFlowRun.at(due));
  }

  private List<UUID> waiting(String pool, int limit) {
    return pools().readRunsOfWorkPool(pool, Set.of(), null, now, limit).stream()
        .map(FlowRunRecord::id)
        .toList();
  }

  @Test
  void aPoolIsReadAsItWasCreated() {
    WorkPoolRecord made =
        pools()
            .createWorkPool(
                NewWorkPool.builder("my-pool")
                    .description("For tests.")
                    .type("process")
                    .baseJobTemplate(TEMPLATE)
                    .isPaused(true)
                    .concurrencyLimit(3)
                    .build());

    assertThat(made.name()).isEqualTo("my-pool");
    assertThat(made.description()).isEqualTo("For tests.");
    assertThat(made.type()).isEqualTo("process");
    assertThat(made.baseJobTemplate()).isEqualTo(TEMPLATE);
    assertThat(made.isPaused()).isTrue();
    assertThat(made.concurrencyLimit()).isEqualTo(3);
    assertThat(pools().findWorkPool("my-pool")).contains(made);
    WorkQueueRecord queue = pools().findWorkQueue("my-pool", "default").orElseThrow();
    assertThat(queue.id()).isEqualTo(made.defaultQueueId());
    assertThat(queue.workPoolId()).isEqualTo(made.id());
    assertThat(queue.workPoolName()).isEqualTo("my-pool");
    assertThat(api().workQueues().readWorkQueue(queue.id())).isEqualTo(queue);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a/b"})
  void aPoolsNameIsOneThatUrlsHold(String name) {
    assertRefused(Code.INVALID, () -> pools().createWorkPool(NewWorkPool.builder(name).build()));
  }

  @Test
  void poolsAreRefusedThatCantBe() {
    pools().createWorkPool(NewWorkPool.builder("my-pool").build());

    assertRefused(
        Code.ALREADY_EXISTS, () -> pools().createWorkPool(NewWorkPool.builder("my-pool").build()));
    assertRefused(
        Code.PERMISSION_DENIED,
        () -> pools().createWorkPool(NewWorkPool.builder("Prefect-pool").build()));
    assertRefused(
        Code.INVALID,
        () -> pools().createWorkPool(NewWorkPool.builder("x").concurrencyLimit(-1).build()));
    assertRefused(Code.NOT_FOUND, () -> pools().updateWorkPool("no-pool", WorkPoolUpdate.NONE));
    assertRefused(Code.NOT_FOUND, () -> pools().deleteWorkPool("no-pool"));
    assertRefused(
        Code.NOT_FOUND,
        () -> pools().createWorkQueue("no-pool", NewWorkQueue.builder("q").build()));
    assertRefused(
        Code.NOT_FOUND, () -> pools().listWorkQueues("no-pool", WorkQueueFilter.ALL, Page.FIRST));
    assertRefused(Code.NOT_FOUND, () -> waiting("no-pool", 10));
  }

  @Test
  void theDefaultPoolIsAlwaysThere() {
    WorkPoolRecord pool = pools().findWorkPool(WorkQueueApi.DEFAULT_POOL).orElseThrow();

    assertThat(pool.type()).isEqualTo(WorkPoolApi.AGENT_TYPE);
    assertThat(pool.defaultQueueId()).isNotNull();
    assertThat(pools().findWorkPool(WorkQueueApi.DEFAULT_POOL)).contains(pool);
    assertRefused(Code.PERMISSION_DENIED, () -> pools().deleteWorkPool(WorkQueueApi.DEFAULT_POOL));
    assertThat(pools().findWorkPool("no-pool")).isEmpty();
  }

  @Test
  void poolsAreListedChangedAndDeleted() {
    WorkPoolRecord b = pools().createWorkPool(NewWorkPool.builder("b").build());
    WorkPoolRecord a = pools().createWorkPool(NewWorkPool.builder("a").type("docker").build());

    assertThat(pools().listWorkPools(WorkPoolFilter.ALL, Page.FIRST))
        .extracting(WorkPoolRecord::name)
        .containsExactly("a", "b", WorkQueueApi.DEFAULT_POOL);
    assertThat(
            pools()
                .listWorkPools(
                    WorkPoolFilter.ALL.toBuilder().type(FieldMatch.anyOf(Set.of("docker"))).build(),
                    Page.FIRST))
        .containsExactly(a);
    assertThat(pools().listWorkPools(WorkPoolFilter.ALL, Page.first(1).after(a.id())))
        .containsExactly(b);

    pools()
        .updateWorkPool(
            "a",
            WorkPoolUpdate.NONE.withPaused(true).withConcurrencyLimit(2).withDescription("New."));
    WorkPoolRecord changed = pools().findWorkPool("a").orElseThrow();
    assertThat(changed.isPaused()).isTrue();
    assertThat(changed.concurrencyLimit()).isEqualTo(2);
    assertThat(changed.description()).isEqualTo("New.");
    assertThat(changed.type()).isEqualTo("docker");
    assertThat(changed.updated()).isAfter(a.updated());

    DeploymentRecord deployment = deployment("pooled", "a", "default");
    pools().deleteWorkPool("a");
    assertThat(pools().findWorkPool("a")).isEmpty();
    assertThat(pools().findWorkQueue("a", "default")).isEmpty();
    assertThat(api().deployments().readDeployment(deployment.id()).spec().workQueueName()).isNull();
  }

  @Test
  void theDefaultQueueOfAPoolStaysAsLongAsThePool() {
    UUID queue =
        requireNonNull(
            pools().createWorkPool(NewWorkPool.builder("my-pool").build()).defaultQueueId());
    UUID other = pools().createWorkQueue("my-pool", NewWorkQueue.builder("other").build()).id();

    assertRefused(Code.PERMISSION_DENIED, () -> api().workQueues().deleteWorkQueue(queue));
    api().workQueues().deleteWorkQueue(other);

    assertThat(pools().findWorkPool("my-pool").orElseThrow().defaultQueueId()).isEqualTo(queue);
    assertThat(pools().findWorkQueue("my-pool", "default")).isPresent();
    pools().deleteWorkPool("my-pool");
    assertThat(pools().findWorkQueue("my-pool", "default")).isEmpty();
  }

  @Test
  void queuesOfOnePoolAreNotThoseOfAnother() {
    pools().createWorkPool(NewWorkPool.builder("my-pool").build());
    WorkQueueRecord queue =
        pools()
            .createWorkQueue(
                "my-pool", NewWorkQueue.builder("test").isPaused(true).concurrencyLimit(4).build());

    assertThat(queue.isPaused()).isTrue();
    assertThat(queue.concurrencyLimit()).isEqualTo(4);
    assertThat(queue.priority()).isEqualTo(2);
    assertThat(api().workQueues().findWorkQueue("test")).isEmpty();
    assertThat(pools().findWorkQueue("my-pool", "test")).contains(queue);
    assertRefused(
        Code.ALREADY_EXISTS,
        () -> pools().createWorkQueue("my-pool", NewWorkQueue.builder("test").build()));
    assertRefused(
        Code.INVALID,
        () -> pools().createWorkQueue("my-pool", NewWorkQueue.builder("x").priority(0).build()));
    assertThat(
            pools()
                .listWorkQueues(
                    "my-pool",
                    WorkQueueFilter.ALL.toBuilder()
                        .name(FieldMatch.startsWith(Set.of("te")))
                        .build(),
                    Page.FIRST))
        .containsExactly(queue);
    assertRefused(Code.NOT_FOUND, () -> api().workQueues().readWorkQueue(UUID.randomUUID()));
  }

  @Test
  void aQueueOfATakenPriorityMovesTheOthersBack() {
    pools().createWorkPool(NewWorkPool.builder("my-pool").build());
    pools().createWorkQueue("my-pool", NewWorkQueue.builder("last").build());
    pools().createWorkQueue("my-pool", NewWorkQueue.builder("first").priority(1).build());

    assertThat(pools().listWorkQueues("my-pool", WorkQueueFilter.ALL, Page.FIRST))
        .extracting(WorkQueueRecord::name)
        .containsExactly("first", "default", "last");
    assertThat(pools().listWorkQueues("my-pool", WorkQueueFilter.ALL, Page.FIRST))
        .extracting(WorkQueueRecord::priority)
        .containsExactly(1, 2, 3);
  }

  @Test
  void prioritiesAreBoundedAndWhatComesAfterThemCanBeChanged() {
    pools().createWorkPool(NewWorkPool.builder("my-pool").build());
    assertRefused(
        Code.INVALID,
        () ->
            pools()
                .createWorkQueue(
                    "my-pool", NewWorkQueue.builder("x").priority(Integer.MAX_VALUE).build()));
    pools().createWorkQueue("my-pool", NewWorkQueue.builder("low").priority(1_000_000).build());
    WorkQueueRecord lowest =
        pools().createWorkQueue("my-pool", NewWorkQueue.builder("lowest").build());

    api().workQueues().updateWorkQueue(lowest.id(), WorkQueueUpdate.NONE.withConcurrencyLimit(3));

    assertThat(pools().listWorkQueues("my-pool", WorkQueueFilter.ALL, Page.FIRST))
        .extracting(WorkQueueRecord::name)
        .containsExactly("default", "low", "lowest");
  }

  @Test
  void runsOfAPoolComeByPriorityThenTime() {
    pools().createWorkPool(NewWorkPool.builder("my-pool").build());
    pools().createWorkQueue("my-pool", NewWorkQueue.builder("urgent").priority(1).build());
    DeploymentRecord slow = deployment("slow", "my-pool", "default");
    DeploymentRecord urgent = deployment("urgent", "my-pool", "urgent");
    FlowRunRecord old = run(slow, now.minus(Duration.ofHours(2)));
    FlowRunRecord late = run(urgent, now.minusSeconds(1));
    FlowRunRecord early = run(urgent, now.minus(Duration.ofHours(1)));
    run(urgent, now.plus(Duration.ofHours(1)));
    scheduledRun(); // of the default pool

    assertThat(waiting("my-pool", 10)).containsExactly(early.id(), late.id(), old.id());
    assertThat(waiting("my-pool", 2)).containsExactly(early.id(), late.id());
    assertThat(pools().readRunsOfWorkPool("my-pool", Set.of("default"), null, now, 10))
        .extracting(FlowRunRecord::id)
        .containsExactly(old.id());
    assertThat(
            pools()
                .readRunsOfWorkPool(
                    "my-pool", Set.of(), now.minus(Duration.ofMinutes(90)), now, 10))
        .extracting(FlowRunRecord::id)
        .containsExactly(early.id(), late.id());
    assertThat(pools().findWorkQueue("my-pool", "urgent").orElseThrow().lastPolled()).isNotNull();
  }

  private RunClaim claim(String owner, int limit) {
    return new RunClaim(owner, Duration.ofMinutes(1), now, limit);
  }

  @Test
  void runsAreClaimedByPriorityThenTimeForTheirOwner() {
    pools().createWorkPool(NewWorkPool.builder("local").build());
    pools().createWorkQueue("local", NewWorkQueue.builder("urgent").priority(1).build());
    pools().createWorkQueue("local", NewWorkQueue.builder("later").priority(9).build());
    DeploymentRecord later = deployment("later", "local", "later");
    DeploymentRecord urgent = deployment("urgent", "local", "urgent");
    FlowRunRecord last = run(later, now.minusSeconds(9));
    FlowRunRecord second = run(urgent, now.minusSeconds(2));
    FlowRunRecord first = run(urgent, now.minusSeconds(3));
    FlowRunRecord notDue = run(urgent, now.plusSeconds(60));

    List<FlowRunRecord> claimed = pools().claimRuns("local", Set.of(), claim("agent-1", 2));

    assertThat(claimed).extracting(FlowRunRecord::id).containsExactly(first.id(), second.id());
    assertThat(claimed).containsExactly(read(first), read(second));
    assertThat(claimed)
        .allSatisfy(
            run -> {
              assertThat(run.state().type()).isEqualTo(StateType.PENDING);
              assertThat(run.state().stateDetails().more())
                  .containsEntry(StateDetails.CLAIMED_BY, "agent-1");
              assertThat(run.lease())
                  .isEqualTo(
                      new RunLease(
                          "agent-1",
                          1,
                          1,
                          run.state().timestamp().plus(Duration.ofMinutes(1)),
                          run.state().timestamp(),
                          null));
            });
    assertThat(pools().claimRuns("local", Set.of("urgent"), claim("agent-2", 9))).isEmpty();
    assertThat(pools().claimRuns("local", Set.of(), claim("agent-2", 9)))
        .extracting(FlowRunRecord::id)
        .containsExactly(last.id());
    assertThat(owned("agent-1")).containsExactlyInAnyOrder(first.id(), second.id());
    assertThat(read(notDue)).isEqualTo(notDue);
    assertRefused(Code.NOT_FOUND, () -> pools().claimRuns("none", Set.of(), claim("agent-2", 1)));
    assertRefused(Code.INVALID, () -> claim("agent-2", 0));
    assertRefused(Code.INVALID, () -> claim(" ", 1));
  }

  private List<UUID> owned(String owner) {
    FlowRunFilter filter =
        FlowRunFilter.builder().leaseOwner(FieldMatch.anyOf(Set.of(owner))).build();
    return api()
        .flowRuns()
        .listFlowRuns(filter, FlowRunApi.FlowRunSort.CREATED_DESC, Page.FIRST)
        .stream()
        .map(FlowRunRecord::id)
        .toList();
  }

  @Test
  void aLeaseIsRenewedByItsOwnerAndEndsWithItsRun() {
    pools().createWorkPool(NewWorkPool.builder("local").build());
    FlowRunRecord run = run(deployment("a", "local", "default"), now);
    FlowRunRecord claimed = pools().claimRuns("local", Set.of(), claim("agent-1", 1)).get(0);
    Instant end = requireNonNull(claimed.lease()).end();

    assertThat(api().flowRuns().renewLeases("agent-2", Duration.ofHours(1))).isZero();
    assertThat(read(run).lease()).isEqualTo(claimed.lease());
    assertThat(api().flowRuns().renewLeases("agent-1", Duration.ofHours(1))).isEqualTo(1);

    assertThat(requireNonNull(read(run).lease()).end()).isAfter(end.plus(Duration.ofMinutes(30)));
    assertThat(endedBefore(end)).isEmpty();
    assertThat(endedBefore(now.plus(Duration.ofHours(2)))).containsExactly(run.id());
    assertRefused(
        Code.INVALID, () -> api().flowRuns().renewLeases("agent-1", Duration.ofSeconds(-1)));
    assertThat(take(run, StateType.RUNNING).lease()).isNotNull();
    assertThat(take(run, StateType.COMPLETED).lease()).isNull();
    assertThat(api().flowRuns().renewLeases("agent-1", Duration.ofHours(1))).isZero();
  }

  private List<UUID> endedBefore(Instant time) {
    FlowRunFilter filter =
        FlowRunFilter.builder().leaseEnd(new TimeMatch(time, null, null)).build();
    return api()
        .flowRuns()
        .listFlowRuns(filter, FlowRunApi.FlowRunSort.CREATED_DESC, Page.FIRST)
        .stream()
        .map(FlowRunRecord::id)
        .toList();
  }

  @Test
  void limitsHoldHoweverManyClaimAtOnce() throws Exception {
    pools().createWorkPool(NewWorkPool.builder("local").concurrencyLimit(5).build());
    pools().createWorkQueue("local", NewWorkQueue.builder("few").concurrencyLimit(2).build());
    DeploymentRecord few = deployment("few", "local", "few");
    DeploymentRecord many = deployment("many", "local", "default");
    for (int i = 0; i < 10; i++) {
      run(few, now.minusSeconds(i));
      run(many, now.minusSeconds(i));
    }
    ExecutorService agents = Executors.newFixedThreadPool(4);
    try {
      List<Future<List<FlowRunRecord>>> claims = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        WorkPoolApi other = connectAgain().workPools();
        RunClaim claim = claim("agent-" + i, 3);
        claims.add(agents.submit(() -> other.claimRuns("local", Set.of(), claim)));
      }

      List<FlowRunRecord> claimed = new ArrayList<>();
      for (Future<List<FlowRunRecord>> each : claims) {
        claimed.addAll(each.get());
      }

      assertThat(claimed).hasSize(5).extracting(FlowRunRecord::id).doesNotHaveDuplicates();
      assertThat(claimed)
          .filteredOn(run -> "few".equals(run.workQueueName()))
          .hasSizeLessThanOrEqualTo(2);
    } finally {
      agents.shutdownNow();
    }
  }

  @Test
  void aPoolsLimitHoldsForAllItsQueues() {
    pools().createWorkPool(NewWorkPool.builder("my-pool").concurrencyLimit(1).build());
    FlowRunRecord first = run(deployment("a", "my-pool", "qa"), now.minusSeconds(2));
    FlowRunRecord second = run(deployment("b", "my-pool", "qb"), now.minusSeconds(1));

    assertThat(waiting("my-pool", 10)).containsExactly(first.id());
    take(first, StateType.PENDING);
    assertThat(waiting("my-pool", 10)).isEmpty();
    UUID queue = pools().findWorkQueue("my-pool", "qb").orElseThrow().id();
    assertThat(api().workQueues().readRunsOfWorkQueue(queue, 10, now)).isEmpty();
    StateTransition answer = propose(second, StateType.PENDING);
    assertThat(answer.status()).isEqualTo(StateTransition.Status.WAIT);
    assertThat(answer.reason()).contains("work pool 'my-pool'");
    assertThat(answer.isRecorded()).isFalse();

    take(first, StateType.RUNNING, StateType.COMPLETED);
    take(second, StateType.PENDING);
  }

  @Test
  void aPausedPoolHandsOutNothing() {
    pools().createWorkPool(NewWorkPool.builder("my-pool").build());
    FlowRunRecord run = run(deployment("a", "my-pool", "default"), now.minusSeconds(2));

    pools().updateWorkPool("my-pool", WorkPoolUpdate.NONE.withPaused(true));
    assertThat(waiting("my-pool", 10)).isEmpty();
    UUID queue = pools().findWorkQueue("my-pool", "default").orElseThrow().id();
    assertThat(api().workQueues().readRunsOfWorkQueue(queue, 10, now)).isEmpty();

    pools().updateWorkPool("my-pool", WorkPoolUpdate.NONE.withPaused(false));
    assertThat(waiting("my-pool", 10)).containsExactly(run.id());
  }

  @Test
  void aQueueTellsHowItIsServed() {
    DeploymentRecord deployment = deployment("log-flow", "log-flow-s3");
    UUID queue = queue().id();

    assertThat(api().workQueues().readWorkQueueStatus(queue))
        .isEqualTo(new WorkQueueStatus(false, 0, null));
    api().workQueues().readRunsOfWorkQueue(queue, 1, now);
    WorkQueueStatus polled = api().workQueues().readWorkQueueStatus(queue);
    assertThat(polled.isHealthy()).isTrue();
    assertThat(polled.lastPolled()).isNotNull();
    run(deployment, now.minus(Duration.ofMinutes(1)));
    api().flowRuns().createFlowRun(deployment.id(), NewFlowRun.now(Map.of()));
    WorkQueueStatus late = api().workQueues().readWorkQueueStatus(queue);
    assertThat(late.isHealthy()).isFalse();
    assertThat(late.lateRuns()).isEqualTo(1);
    assertRefused(Code.NOT_FOUND, () -> api().workQueues().readWorkQueueStatus(UUID.randomUUID()));
  }

  @Test
  void aWorkerIsKnownByItsHeartbeats() {
    pools().createWorkPool(NewWorkPool.builder("my-pool").build());
    pools().recordHeartbeat("my-pool", "second");
    pools().recordHeartbeat("my-pool", "first");
    Instant between =
        pools().listWorkers("my-pool", TimeMatch.ANY, Page.FIRST).get(0).lastHeartbeat();
    pools().recordHeartbeat("my-pool", "second");

    List<WorkerRecord> workers = pools().listWorkers("my-pool", TimeMatch.ANY, Page.FIRST);
    assertThat(workers).extracting(WorkerRecord::name).containsExactlyInAnyOrder("first", "second");
    assertThat(pools().listWorkers("my-pool", TimeMatch.before(between), Page.FIRST))
        .extracting(WorkerRecord::name)
        .containsExactly("first");
    assertThat(pools().listWorkers("my-pool", TimeMatch.after(between.plusNanos(1000)), Page.FIRST))
        .extracting(WorkerRecord::name)
        .containsExactly("second");
    assertThat(pools().listWorkers("default-agent-pool", TimeMatch.ANY, Page.FIRST)).isEmpty();
    assertRefused(Code.NOT_FOUND, () -> pools().recordHeartbeat("missing", "first"));
  }
}
