package dev.sheave.testkit.orchestration;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.SheaveException.Code;
import dev.sheave.api.FlowRunApi.FlowRunUpdate;
import dev.sheave.api.FlowRunFilter;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.FlowRunRecord.CreatedBy;
import dev.sheave.api.NewFlowRun;
import dev.sheave.api.RunClaim;
import dev.sheave.api.RunFence;
import dev.sheave.api.RunLease;
import dev.sheave.api.State;
import dev.sheave.api.StateDetails;
import dev.sheave.api.StateTransition;
import dev.sheave.api.StateTransition.Status;
import dev.sheave.api.StateType;
import dev.sheave.api.WorkQueueApi;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The contract of leases: who holds a run, and whose writes are refused. */
public abstract class LeaseContract extends OrchestrationContract {
  /** For the test of an implementation. */
  protected LeaseContract() {}

  private FlowRunRecord claim(String owner) {
    List<FlowRunRecord> claimed =
        api()
            .workPools()
            .claimRuns(
                WorkQueueApi.DEFAULT_POOL,
                Set.of(),
                new RunClaim(owner, Duration.ofMinutes(1), Instant.now().plusSeconds(60), 1));
    assertThat(claimed).hasSize(1);
    return claimed.get(0);
  }

  private StateTransition propose(FlowRunRecord run, StateType type, RunFence fence) {
    return propose(run, State.of(type).withDetails(StateDetails.NONE.with(fence)));
  }

  private static RunLease leaseOf(FlowRunRecord run) {
    return requireNonNull(run.lease());
  }

  @Test
  void eachClaimIsAnotherAttemptOfALaterEpoch() {
    FlowRunRecord run = scheduledRun();
    RunLease first = leaseOf(claim("agent-1"));
    assertThat(take(run, StateType.SCHEDULED).lease()).isNull();
    RunLease second = leaseOf(claim("agent-2"));

    assertThat(first.epoch()).isEqualTo(1);
    assertThat(first.attempt()).isEqualTo(1);
    assertThat(second.owner()).isEqualTo("agent-2");
    assertThat(second.epoch()).isEqualTo(2);
    assertThat(second.attempt()).isEqualTo(2);
  }

  @Test
  void whatAnOwnerWritesThatLostItsLeaseIsRefused() {
    scheduledRun();
    RunFence first = RunFence.ofOwner(leaseOf(claim("agent-1")));
    take(api().flowRuns().readFlowRun(onlyRun()), StateType.SCHEDULED);
    FlowRunRecord run = claim("agent-2");

    StateTransition answer = propose(run, StateType.CRASHED, first);

    assertThat(answer.status()).isEqualTo(Status.ABORT);
    assertThat(answer.reason()).contains("was taken over by another agent");
    assertUnchanged(run, answer);
    assertThat(
            api()
                .flowRuns()
                .setFlowRunState(
                    run.id(),
                    State.of(StateType.CRASHED).withDetails(StateDetails.NONE.with(first)),
                    true)
                .status())
        .isEqualTo(Status.ABORT);
    assertRefused(
        Code.CONFLICT,
        () ->
            api()
                .flowRuns()
                .updateFlowRun(
                    run.id(), FlowRunUpdate.NONE.withInfrastructurePid("host:1").with(first)));
    assertThat(read(run)).isEqualTo(run);
    RunFence current = RunFence.ofOwner(leaseOf(run));
    api()
        .flowRuns()
        .updateFlowRun(run.id(), FlowRunUpdate.NONE.withInfrastructurePid("host:1").with(current));
    assertThat(propose(run, StateType.CRASHED, current).isAccepted()).isTrue();
    assertThat(read(run).infrastructurePid()).isEqualTo("host:1");
  }

  private UUID onlyRun() {
    List<FlowRunRecord> all = api().flowRuns().listAllFlowRuns(FlowRunFilter.ALL);
    assertThat(all).hasSize(1);
    return all.get(0).id();
  }

  @Test
  void ofTwoProcessesOfARunThatOfTheLastAttemptRuns() {
    FlowRunRecord run = scheduledRun();
    claim("agent-1");
    take(run, StateType.SCHEDULED);
    claim("agent-2");

    StateTransition ofFirst = propose(run, StateType.RUNNING, RunFence.ofProcess(1));
    StateTransition ofSecond = propose(run, StateType.RUNNING, RunFence.ofProcess(2));

    assertThat(ofFirst.status()).isEqualTo(Status.ABORT);
    assertThat(ofSecond.status()).isEqualTo(Status.ACCEPT);
    assertThat(ofSecond.state().stateDetails().more()).doesNotContainKey(RunFence.ATTEMPT);
    assertThat(api().flowRuns().reportAlive(run.id(), 1)).isFalse();
    assertThat(leaseOf(read(run)).processHeard()).isNull();
    assertThat(api().flowRuns().reportAlive(run.id(), 2)).isTrue();
    assertThat(leaseOf(read(run)).processHeard()).isAfterOrEqualTo(ofSecond.state().timestamp());
    assertRefused(Code.NOT_FOUND, () -> api().flowRuns().reportAlive(UUID.randomUUID(), 1));
  }

  @Test
  void aRunThatItsProcessTriesAgainStaysItsAgents() {
    FlowRunRecord run = scheduledRun();
    api()
        .flowRuns()
        .updateFlowRun(
            run.id(),
            FlowRunUpdate.NONE.withRetries(new FlowRunRecord.RetryPolicy(1, Duration.ofMillis(1))));
    RunLease lease = leaseOf(claim("agent-1"));
    take(run, StateType.RUNNING);

    assertThat(propose(run, StateType.FAILED, RunFence.ofProcess(1)).state().name())
        .isEqualTo("AwaitingRetry");
    assertThat(leaseOf(read(run))).isEqualTo(lease);
  }

  @Test
  void aRunWhoseInfrastructureCrashedIsTriedAgainElsewhere() {
    FlowRunRecord run =
        retried(
            new FlowRunRecord.RetryPolicy(
                1, Duration.ZERO, Map.of(FlowRunRecord.RetryPolicy.RETRY_CRASHED, true)));

    StateTransition answer = propose(run, StateType.CRASHED, RunFence.ofOwner(run.lease()));

    assertThat(answer.state().name()).isEqualTo("AwaitingRetry");
    assertThat(read(run).lease()).isNull();
    assertThat(read(run).infrastructurePid()).isNull();
    RunLease next = leaseOf(claim("agent-2"));
    assertThat(next.attempt()).isEqualTo(2);
    take(run, StateType.RUNNING);
    assertThat(propose(run, StateType.CRASHED, RunFence.ofOwner(next)).isAccepted()).isTrue();
  }

  private FlowRunRecord retried(FlowRunRecord.RetryPolicy policy) {
    FlowRunRecord run = scheduledRun();
    claim("agent-1");
    api()
        .flowRuns()
        .updateFlowRun(
            run.id(), FlowRunUpdate.NONE.withInfrastructurePid("host:1").withRetries(policy));
    return take(run, StateType.RUNNING);
  }

  @Test
  void whatACancelledRunHasStartedIsCancelledWithIt() {
    FlowRunRecord parent = take(scheduledRun(), StateType.PENDING, StateType.RUNNING);
    FlowRunRecord waiting = startedBy(parent);
    FlowRunRecord running = take(startedBy(parent), StateType.PENDING, StateType.RUNNING);
    FlowRunRecord ended =
        take(startedBy(parent), StateType.PENDING, StateType.RUNNING, StateType.COMPLETED);
    FlowRunRecord other = scheduledRun();

    take(parent, StateType.CANCELLING);

    assertThat(read(waiting).state().type()).isEqualTo(StateType.CANCELLED);
    assertThat(read(running).state().type()).isEqualTo(StateType.CANCELLING);
    assertThat(read(running).state().message())
        .isEqualTo("The flow run '" + parent.name() + "', which started this one, was cancelled.");
    assertThat(read(ended)).isEqualTo(ended);
    assertThat(read(other)).isEqualTo(other);
  }

  private FlowRunRecord startedBy(FlowRunRecord parent) {
    return api()
        .flowRuns()
        .createFlowRun(
            requireNonNull(parent.deploymentId()),
            NewFlowRun.now(Map.of()).toBuilder()
                .createdBy(new CreatedBy(parent.id(), "FLOW_RUN", parent.name()))
                .build());
  }
}
