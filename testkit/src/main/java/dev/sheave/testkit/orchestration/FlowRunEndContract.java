package dev.sheave.testkit.orchestration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.SheaveException.Code;
import dev.sheave.api.Feature;
import dev.sheave.api.FlowRunApi.FlowRunUpdate;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.NewFlowRun;
import dev.sheave.api.State;
import dev.sheave.api.StateTransition;
import dev.sheave.api.StateTransition.Status;
import dev.sheave.api.StateType;
import dev.sheave.block.Secret;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The rules that every {@link dev.sheave.api.FlowRunApi} keeps for flow runs that are over, or are
 * to be: cancelled, run again.
 */
public abstract class FlowRunEndContract extends OrchestrationContract {

  /** For the test of an implementation. */
  protected FlowRunEndContract() {}

  private FlowRunRecord runWithoutDeployment() {
    return api()
        .flowRuns()
        .createFlowRunOfFlow(
            api().deployments().createFlow("by-hand").id(), NewFlowRun.now(Map.of()));
  }

  @ParameterizedTest
  @EnumSource(
      value = StateType.class,
      names = {"COMPLETED", "FAILED", "CANCELLED", "CRASHED"})
  void aRunThatIsOverIsNotStopped(StateType end) {
    FlowRunRecord run = scheduledRun();
    api().flowRuns().setFlowRunState(run.id(), State.of(end), true);
    FlowRunRecord over = read(run);

    for (StateType stop : List.of(StateType.CANCELLING, StateType.PAUSED, StateType.CRASHED)) {
      StateTransition answer = propose(run, stop);

      assertThat(answer.status()).isEqualTo(Status.ABORT);
      assertThat(answer.reason()).isEqualTo("Run is already in terminal state " + end + ".");
      assertUnchanged(over, answer);
    }
  }

  @Test
  void aRunGetsKeysUntilItIsOver() {
    FlowRunRecord run = scheduledRun();
    if (!api().features().contains(Feature.RUN_KEYS)) {
      assertRefused(Code.UNSUPPORTED, () -> api().flowRuns().createRunKey(run.id()));
      return;
    }
    Secret first = api().flowRuns().createRunKey(run.id());
    Secret second = api().flowRuns().createRunKey(run.id());
    take(run, StateType.PENDING, StateType.RUNNING, StateType.COMPLETED);

    assertThat(first.reveal()).startsWith("shv_").isNotEqualTo(second.reveal());
    assertRefused(Code.CONFLICT, () -> api().flowRuns().createRunKey(run.id()));
    assertRefused(Code.NOT_FOUND, () -> api().flowRuns().createRunKey(UUID.randomUUID()));
  }

  @Test
  void aCompletedRunIsRunAgainOnlyIfItsResultWasNotKept() {
    FlowRunRecord kept = take(scheduledRun(), StateType.PENDING, StateType.RUNNING);
    propose(kept, State.of(StateType.COMPLETED).withData(json("type", "reference")));
    FlowRunRecord lost = take(scheduledRun(), StateType.PENDING, StateType.RUNNING);
    propose(lost, State.of(StateType.COMPLETED).withData(json("type", "unpersisted")));

    StateTransition refused = propose(kept, StateType.RUNNING);
    StateTransition accepted = propose(lost, StateType.RUNNING);

    assertThat(refused.status()).isEqualTo(Status.REJECT);
    assertThat(refused.reason()).isEqualTo("Run is already COMPLETED.");
    assertThat(refused.state().type()).isEqualTo(StateType.COMPLETED);
    assertThat(accepted.status()).isEqualTo(Status.ACCEPT);
    assertThat(read(lost).endTime()).isNull();
    assertThat(read(lost).runCount()).isEqualTo(2);
  }

  @Test
  void aRunThatIsOverIsScheduledAnewIfItHasADeployment() {
    FlowRunRecord deployed = scheduledRun();
    FlowRunRecord byHand = runWithoutDeployment();
    for (FlowRunRecord run : List.of(deployed, byHand)) {
      take(run, StateType.PENDING, StateType.RUNNING, StateType.FAILED);
    }

    assertThat(propose(deployed, StateType.SCHEDULED).status()).isEqualTo(Status.ACCEPT);
    assertThat(read(deployed).nextScheduledStartTime()).isNotNull();
    assertThat(read(deployed).endTime()).isNull();
    StateTransition refused = propose(byHand, StateType.SCHEDULED);
    assertThat(refused.status()).isEqualTo(Status.ABORT);
    assertThat(refused.reason())
        .isEqualTo("Cannot reschedule a run without an associated deployment.");
  }

  @Test
  void aScheduledRunThatNothingExecutesIsCancelledAtOnce() {
    FlowRunRecord run = scheduledRun();

    StateTransition answer = propose(run, State.of(StateType.CANCELLING, "Not needed."));

    assertThat(answer.status()).isEqualTo(Status.REJECT);
    assertThat(answer.reason()).isEqualTo("Scheduled flow run has no infrastructure to terminate.");
    assertThat(answer.state().type()).isEqualTo(StateType.CANCELLED);
    assertThat(answer.state().message()).isEqualTo("Not needed.");
    assertThat(read(run).state()).isEqualTo(answer.state());
    assertThat(read(run).endTime()).isEqualTo(answer.state().timestamp());
    assertThat(read(run).nextScheduledStartTime()).isNull();
  }

  @Test
  void aRunThatIsBeingExecutedIsCancelledByItsAgent() {
    FlowRunRecord pending = take(scheduledRun(), StateType.PENDING);
    FlowRunRecord retrying = scheduledRun();
    api()
        .flowRuns()
        .updateFlowRun(retrying.id(), FlowRunUpdate.NONE.withInfrastructurePid("host:42"));

    take(pending, StateType.CANCELLING);
    take(retrying, StateType.CANCELLING);
  }

  @ParameterizedTest
  @EnumSource(
      value = StateType.class,
      names = {"PENDING", "CANCELLED"},
      mode = EnumSource.Mode.EXCLUDE)
  void aRunThatIsBeingCancelledEndsCancelled(StateType other) {
    FlowRunRecord run =
        take(scheduledRun(), StateType.PENDING, StateType.RUNNING, StateType.CANCELLING);

    StateTransition answer = propose(run, other);

    assertThat(answer.status()).isEqualTo(Status.REJECT);
    assertThat(answer.reason())
        .isEqualTo("Cannot transition flows that are cancelling to a state other than Cancelled.");
    assertUnchanged(run, answer);
    take(run, StateType.CANCELLED);
  }

  /** Its process may have been starting when it was cancelled. */
  @Test
  void aCancelledRunDoesNotStart() {
    FlowRunRecord run =
        take(scheduledRun(), StateType.PENDING, StateType.CANCELLING, StateType.CANCELLED);

    StateTransition answer = propose(run, StateType.RUNNING);

    assertThat(answer.status()).isEqualTo(Status.REJECT);
    assertUnchanged(run, answer);
    assertThat(propose(run, StateType.SCHEDULED).status()).isEqualTo(Status.ACCEPT);
  }
}
