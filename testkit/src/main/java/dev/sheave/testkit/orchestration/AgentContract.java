package dev.sheave.testkit.orchestration;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.SheaveException.Code;
import dev.sheave.api.AgentApi;
import dev.sheave.api.AgentNews;
import dev.sheave.api.AgentProfile;
import dev.sheave.api.AgentRecord;
import dev.sheave.api.AgentSync;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.NewFlowRun;
import dev.sheave.api.NewWorkPool;
import dev.sheave.api.NewWorkQueue;
import dev.sheave.api.Page;
import dev.sheave.api.RunFence;
import dev.sheave.api.RunLease;
import dev.sheave.api.State;
import dev.sheave.api.StateDetails;
import dev.sheave.api.StateTransition.Status;
import dev.sheave.api.StateType;
import dev.sheave.api.WorkQueueApi;
import dev.sheave.api.WorkQueueApi.WorkQueueUpdate;
import dev.sheave.api.WorkQueueRecord;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The contract of agents: how they get runs, keep them, lose them, and take over others'. */
public abstract class AgentContract extends OrchestrationContract {
  private static final Duration LEASE = Duration.ofMinutes(1);
  private static final Duration LAPSES_AT_ONCE = Duration.ofMillis(1);

  private final ExecutorService calls = Executors.newCachedThreadPool();
  private int round;

  /** For the test of an implementation. */
  protected AgentContract() {}

  @AfterEach
  final void endCalls() {
    calls.shutdownNow();
  }

  private AgentApi agents() {
    return api().agents();
  }

  private static AgentProfile agent(String name, String... queues) {
    return new AgentProfile(
        name + "#1", name, "host-1", "1.0", WorkQueueApi.DEFAULT_POOL, Set.of(queues), Set.of());
  }

  private AgentSync sync(AgentProfile agent, int room) {
    return new AgentSync(
        agent, ++round, room, Duration.ZERO, LEASE, Set.of(), Set.of(), Duration.ZERO);
  }

  private AgentSync leasing(AgentProfile agent, int room, Duration lease) {
    return new AgentSync(
        agent, ++round, room, Duration.ZERO, lease, Set.of(), Set.of(), Duration.ZERO);
  }

  private AgentSync knowing(AgentProfile agent, UUID... known) {
    return knowing(agent, 0, List.of(known));
  }

  private AgentSync knowing(AgentProfile agent, int room, Collection<UUID> known) {
    return new AgentSync(
        agent, ++round, room, Duration.ZERO, LEASE, Set.copyOf(known), Set.of(), Duration.ZERO);
  }

  private Future<AgentNews> await(AgentProfile agent, UUID... seen) {
    AgentSync sync =
        new AgentSync(
            agent, ++round, 1, Duration.ZERO, LEASE, Set.of(), Set.of(seen), AgentSync.MAX_WAIT);
    return calls.submit(() -> agents().sync(sync));
  }

  private static AgentNews answer(Future<AgentNews> call) throws Exception {
    return call.get(10, TimeUnit.SECONDS);
  }

  private static List<UUID> ids(List<FlowRunRecord> runs) {
    return runs.stream().map(FlowRunRecord::id).toList();
  }

  private static RunLease leaseOf(FlowRunRecord run) {
    return requireNonNull(run.lease());
  }

  @Test
  void anAgentIsListedAsItSays() {
    AgentProfile agent =
        new AgentProfile(
            "b#1",
            "b",
            "host-1",
            "1.0",
            WorkQueueApi.DEFAULT_POOL,
            Set.of("one", "two"),
            Set.of("te"));
    scheduledRun();

    AgentNews news = agents().sync(sync(agent, 3));
    agents().sync(sync(agent("a", "one"), 0));

    assertThat(news.queues())
        .extracting(WorkQueueRecord::name)
        .containsExactlyInAnyOrder("one", "two", "test");
    assertThat(news.isPoolPaused()).isFalse();
    List<AgentRecord> all = agents().listAgents(Page.FIRST);
    assertThat(all).extracting(each -> each.profile().name()).containsExactly("a", "b");
    AgentRecord listed = all.get(1);
    assertThat(listed.profile()).isEqualTo(agent);
    assertThat(listed.room()).isEqualTo(3);
    assertThat(listed.runs()).isEqualTo(1);
    assertThat(listed.isAlive()).isTrue();
    agents().leave("a#1");
    assertThat(agents().listAgents(Page.FIRST)).containsExactly(listed);
    assertThat(queue().lastPolled()).isNotNull();
  }

  @Test
  void whoCantBeIsRefused() {
    agents().sync(sync(agent("a", "test"), 0));
    AgentProfile other =
        new AgentProfile(
            "a#2", "a", "host-2", "1.0", WorkQueueApi.DEFAULT_POOL, Set.of("test"), Set.of());
    AgentProfile nowhere = new AgentProfile("b", "b", "h", "1", "none", Set.of(), Set.of());

    assertRefused(Code.CONFLICT, () -> agents().sync(sync(other, 1)))
        .hasMessageContaining("An agent named 'a' works on the host host-1 already");
    assertRefused(Code.NOT_FOUND, () -> agents().sync(sync(nowhere, 1)));
    assertRefused(Code.INVALID, () -> sync(other, -1));
    AgentProfile all =
        new AgentProfile("c", "c", "h", "1", WorkQueueApi.DEFAULT_POOL, Set.of(), Set.of(""));
    assertRefused(Code.INVALID, () -> sync(all, 1)).hasMessageContaining("must not be empty");
    assertRefused(Code.INVALID, () -> leasing(nowhere, 1, Duration.ofDays(10_000)))
        .hasMessage("A 'lease' must be more than 0 and at most 86400 seconds.");
    assertThat(agents().listAgents(Page.FIRST)).hasSize(1);
  }

  @Test
  void asManyRunsAreClaimedAsThereIsRoomFor() {
    FlowRunRecord first = scheduledRun();
    FlowRunRecord second = scheduledRun();

    assertThat(agents().sync(sync(agent("a", "other"), 5)).runs()).isEmpty();
    assertThat(agents().sync(sync(agent("b", "test"), 0)).runs()).isEmpty();
    List<FlowRunRecord> runs = agents().sync(sync(agent("c", "test"), 1)).runs();

    assertThat(runs).containsExactly(read(first));
    assertThat(runs.get(0).state().type()).isEqualTo(StateType.PENDING);
    assertThat(leaseOf(runs.get(0)).owner()).isEqualTo("c#1");
    assertThat(ids(agents().sync(sync(agent("d", "test"), 5)).runs())).containsExactly(second.id());
  }

  @Test
  void aFullOrPausedQueueBlocksNoOther() {
    api().workPools().createWorkPool(NewWorkPool.builder("local").build());
    AgentProfile agent = new AgentProfile("a#1", "a", "h", "1", "local", Set.of(), Set.of());
    for (String name : List.of("full", "paused", "free")) {
      WorkQueueRecord queue =
          api().workPools().createWorkQueue("local", NewWorkQueue.builder(name).build());
      UUID deployment =
          api()
              .deployments()
              .applyDeployment(
                  spec("log-flow", name).toBuilder()
                      .workPoolName("local")
                      .workQueueName(name)
                      .build())
              .deployment()
              .id();
      api().flowRuns().createFlowRun(deployment, NewFlowRun.at(Instant.now().minusSeconds(9)));
      WorkQueueUpdate update =
          name.equals("full")
              ? WorkQueueUpdate.NONE.withConcurrencyLimit(0)
              : WorkQueueUpdate.NONE.withPaused(name.equals("paused"));
      api().workQueues().updateWorkQueue(queue.id(), update);
    }

    assertThat(agents().sync(sync(agent, 5)).runs())
        .extracting(FlowRunRecord::workQueueName)
        .containsExactly("free");
  }

  @Test
  @Timeout(30)
  void whoTakesAllItCanGetsMoreAndStillHearsOfAllElse() {
    List<UUID> runs = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      runs.add(scheduledRun().id());
    }
    AgentProfile agent = agent("a", "test");
    List<UUID> first = ids(agents().sync(sync(agent, 2)).runs());
    List<UUID> second = ids(agents().sync(knowing(agent, 2, first)).runs());

    assertThat(first).hasSize(2);
    assertThat(second).hasSize(2).doesNotContainAnyElementsOf(first);
    take(api().flowRuns().readFlowRun(first.get(0)), StateType.RUNNING, StateType.CANCELLING);
    Set<UUID> known = new HashSet<>(first);
    known.addAll(second);
    AgentNews news;
    do {
      news = agents().sync(knowing(agent, 1, known));
      known.addAll(ids(news.runs()));
    } while (news.cancelling().isEmpty());

    assertThat(ids(news.cancelling())).containsExactly(first.get(0));
    assertThat(known).containsExactlyInAnyOrderElementsOf(runs);
  }

  @Test
  void aRunWhoseQueueIsDeletedIsStillCancelledAndAdopted() {
    UUID cancelled = scheduledRun().id();
    UUID abandoned = scheduledRun().id();
    AgentProfile agent = agent("a", "test");
    agents().sync(leasing(agent, 2, Duration.ofMillis(1)));
    api().workQueues().deleteWorkQueue(api().workQueues().findWorkQueue("test").orElseThrow().id());
    take(api().flowRuns().readFlowRun(cancelled), StateType.RUNNING, StateType.CANCELLING);

    AgentNews news = agents().sync(sync(agent("b", "other"), 0));

    assertThat(ids(news.cancelling())).containsExactly(cancelled);
    assertThat(ids(news.abandoned())).containsExactly(abandoned);
  }

  @Test
  void runsOfALostAnswerComeWithTheNext() {
    scheduledRun();
    scheduledRun();
    AgentProfile agent = agent("a", "test");
    List<FlowRunRecord> lost = agents().sync(sync(agent, 1)).runs();

    List<FlowRunRecord> again = agents().sync(sync(agent, 1)).runs();

    assertThat(ids(again)).containsAll(ids(lost)).hasSize(2);
    assertThat(agents().sync(knowing(agent, 0, ids(again))).runs()).isEmpty();
  }

  @Test
  void aCallRenewsTheLeases() {
    scheduledRun();
    AgentProfile agent = agent("a", "test");
    FlowRunRecord run = agents().sync(leasing(agent, 1, Duration.ofSeconds(5))).runs().get(0);

    agents().sync(knowing(agent, run.id()));

    assertThat(leaseOf(read(run)).end()).isAfter(leaseOf(run).end().plusSeconds(50));
    assertThat(leaseOf(read(run)).epoch()).isEqualTo(1);
  }

  @Test
  void aRunWhoseLeaseHasEndedIsAdoptedByOne() {
    scheduledRun();
    AgentProfile dead = agent("dead", "test");
    AgentProfile next = agent("next", "test");
    FlowRunRecord run = agents().sync(leasing(dead, 1, LAPSES_AT_ONCE)).runs().get(0);
    take(run, StateType.RUNNING);

    List<FlowRunRecord> abandoned = agents().sync(sync(next, 1)).abandoned();
    assertThat(ids(abandoned)).containsExactly(run.id());
    assertThat(abandoned.get(0).state().type()).isEqualTo(StateType.RUNNING);
    FlowRunRecord adopted = agents().adopt(run.id(), 1, "next#1", LEASE).orElseThrow();

    assertThat(leaseOf(adopted).owner()).isEqualTo("next#1");
    assertThat(leaseOf(adopted).epoch()).isEqualTo(2);
    assertThat(leaseOf(adopted).attempt()).isEqualTo(1);
    assertThat(agents().adopt(run.id(), 1, "late#1", LEASE)).isEmpty();
    assertThat(agents().sync(sync(next, 1)).abandoned()).isEmpty();
    assertThat(agents().sync(knowing(dead, run.id())).lost()).containsExactly(run.id());
    State crashed =
        State.of(StateType.CRASHED)
            .withDetails(StateDetails.NONE.with(RunFence.ofOwner(run.lease())));
    assertThat(propose(adopted, crashed).status()).isEqualTo(Status.ABORT);
    // the process of the attempt goes on
    State completed =
        State.of(StateType.COMPLETED).withDetails(StateDetails.NONE.with(RunFence.ofProcess(1)));
    assertThat(propose(adopted, completed).isAccepted()).isTrue();
    assertThat(agents().adopt(run.id(), 2, "late#1", LEASE)).isEmpty();
    assertThat(agents().sync(knowing(next, run.id())).lost()).isEmpty();
    assertRefused(Code.NOT_FOUND, () -> agents().adopt(UUID.randomUUID(), 1, "a", LEASE));
  }

  @Test
  void aRunWithoutLeaseNeverLapses() {
    FlowRunRecord run = take(scheduledRun(), StateType.PENDING, StateType.RUNNING);

    assertThat(ids(agents().sync(sync(agent("a", "test"), 1)).abandoned()))
        .containsExactly(run.id());
    assertThat(agents().adopt(run.id(), 1, "a#1", LEASE)).isEmpty();
    assertThat(read(run)).isEqualTo(run);
  }

  @Test
  void anAgentThatWaitsHearsOfARunAtOnce() throws Exception {
    api().workQueues().createWorkQueue("test", null, null);
    Future<AgentNews> news = await(agent("a", "test"));

    FlowRunRecord run = scheduledRun();

    assertThat(ids(answer(news).runs())).containsExactly(run.id());
  }

  @Test
  void anAgentThatWaitsHearsOfCancellationsThatItHasntSeen() throws Exception {
    FlowRunRecord seen = take(scheduledRun(), StateType.PENDING, StateType.RUNNING);
    FlowRunRecord run = take(scheduledRun(), StateType.PENDING, StateType.RUNNING);
    take(seen, StateType.CANCELLING);
    Future<AgentNews> news = await(agent("a", "test"), seen.id(), run.id());
    AgentProfile other = agent("b", "test");
    Future<AgentNews> ofOther = await(other, seen.id());
    assertThat(ids(answer(ofOther).abandoned())).containsExactly(run.id());

    FlowRunRecord third = scheduledRun();

    assertThat(ids(answer(news).runs())).containsExactly(third.id());
    assertThat(ids(answer(news).cancelling())).containsExactly(seen.id());
  }

  @Test
  void aLaterCallEndsTheOneThatWaits() throws Exception {
    AgentProfile agent = agent("a", "test");
    api().workQueues().createWorkQueue("test", null, null);
    Future<AgentNews> first = await(agent);
    AgentNews second = agents().sync(sync(agent, 0));

    assertThat(answer(first).runs()).isEmpty();
    assertThat(second.runs()).isEmpty();
    Future<AgentNews> third = await(agent);
    agents().leave(agent.id());
    assertThat(answer(third).runs()).isEmpty();
  }

  @Test
  void anAgentThatWaitsGetsARunWhenItIsDue() throws Exception {
    Instant due = Instant.now().plusMillis(1500);
    UUID deployment = deployment("log-flow", "later").id();
    FlowRunRecord run = api().flowRuns().createFlowRun(deployment, NewFlowRun.at(due));

    List<FlowRunRecord> runs = answer(await(agent("a", "test"))).runs();

    assertThat(ids(runs)).containsExactly(run.id());
    assertThat(runs.get(0).state().timestamp()).isAfterOrEqualTo(due);
  }

  private String reason(FlowRunRecord run) {
    return api().flowRuns().readWaitReason(run.id()).orElse("");
  }

  @Test
  void aRunThatWaitsSaysWhy() {
    FlowRunRecord run = scheduledRun();
    UUID queue = queue().id();

    assertThat(reason(run))
        .isEqualTo(
            "No agent takes runs from the work queue 'test'; none ever has: start one with"
                + " 'sheave agent start -q test'.");
    assertThat(api().workQueues().readWaitReason(queue)).contains(reason(run));
    agents().sync(sync(agent("a", "test"), 0));
    assertThat(reason(run)).isEqualTo("All agents of the work queue 'test' are full: 'a'.");
    agents().sync(sync(agent("b", "test"), 1));
    FlowRunRecord next = scheduledRun();
    assertThat(reason(next)).isEmpty();
    assertThat(reason(run)).isEmpty();
    api().workQueues().updateWorkQueue(queue, WorkQueueUpdate.NONE.withConcurrencyLimit(1));
    assertThat(reason(next))
        .isEqualTo(
            "The work queue 'test' has as many runs in progress as its concurrency limit of 1"
                + " allows: '"
                + run.name()
                + "'.");
    api().workQueues().updateWorkQueue(queue, WorkQueueUpdate.NONE.withPaused(true));
    assertThat(reason(next)).isEqualTo("The work queue 'test' is paused.");
    api().workQueues().deleteWorkQueue(queue);
    assertThat(reason(next)).isEqualTo("It is in no work queue, so no agent takes it.");
    assertRefused(Code.NOT_FOUND, () -> api().flowRuns().readWaitReason(UUID.randomUUID()));
  }

  @Test
  void aRunThatIsntDueSaysWhenUnlessNobodyWouldTakeItThen() {
    Instant due = Instant.now().plusSeconds(7200).truncatedTo(ChronoUnit.SECONDS);
    UUID deployment = deployment("log-flow", "later").id();
    FlowRunRecord run = api().flowRuns().createFlowRun(deployment, NewFlowRun.at(due));
    UUID queue = queue().id();

    assertThat(reason(run)).startsWith("No agent takes runs from the work queue 'test'");
    agents().sync(sync(agent("a", "test"), 0));
    assertThat(reason(run)).isEqualTo("It is due at " + due + ".");
    api().workQueues().updateWorkQueue(queue, WorkQueueUpdate.NONE.withConcurrencyLimit(0));
    assertThat(reason(run)).isEqualTo("It is due at " + due + ".");
    api().workQueues().updateWorkQueue(queue, WorkQueueUpdate.NONE.withPaused(true));
    assertThat(reason(run)).isEqualTo("The work queue 'test' is paused.");
  }

  @Test
  void aRunWhoseOnlyAgentEndedSaysSo() {
    agents().sync(sync(agent("a", "test"), 1));
    agents().leave("a#1");
    FlowRunRecord run = scheduledRun();

    assertThat(reason(run))
        .startsWith("Some agent asked the work queue 'test' at ")
        .endsWith("; it takes the run when it asks again, unless it has ended.");
  }

  @Test
  void aRunThatIsNotDueSaysWhen() {
    agents().sync(sync(agent("a", "test"), 1));
    Instant due = Instant.parse("2090-01-01T00:00:00Z");
    UUID deployment = deployment("log-flow", "later").id();

    assertThat(reason(api().flowRuns().createFlowRun(deployment, NewFlowRun.at(due))))
        .isEqualTo("It is due at 2090-01-01T00:00:00Z.");
  }
}
