package dev.sheave.orchestrator.internal.run;

import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.State;
import dev.sheave.api.StateDetails;
import dev.sheave.api.StateTransition.Status;
import dev.sheave.api.StateType;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The rules for the states of flow runs. Each looks at a proposal and objects to it, or doesn't;
 * the first objection counts, and a proposal without one is accepted. Reasons are worded as the
 * reference words them, since clients show them.
 */
final class StateRules {
  /** How long a client waits before it asks again about a full queue. */
  static final Duration FULL_QUEUE_DELAY = Duration.ofSeconds(30);

  /** The name of the state in which a run waits to be tried again. */
  static final String RETRY = "AwaitingRetry";

  /** The name of the detail of such a state that says that infrastructure had ended. */
  private static final String OF_CRASH = "retry_of_crash";

  private static final Set<StateType> NOT_AFTER_THE_END =
      Set.of(StateType.CANCELLING, StateType.PAUSED, StateType.CRASHED);

  private static final List<Rule> IN_ORDER =
      List.of(
          StateRules::whatWasSeenStillStands,
          StateRules::terminalRunsAreNotStopped,
          StateRules::keptResultsAreNotLost,
          StateRules::runsWithoutDeploymentAreNotRescheduled,
          StateRules::claimsAreOfScheduledRuns,
          StateRules::cancelledRunsStayCancelled,
          StateRules::runsWithoutInfrastructureAreCancelledAtOnce,
          StateRules::onlyRunningFlowsPause,
          StateRules::scheduledRunsWaitForTheirTime,
          StateRules::queuesKeepTheirLimit,
          StateRules::failedRunsAreTriedAgain,
          StateRules::crashedRunsAreTriedAgain);

  private StateRules() {}

  /**
   * A proposed state, and the facts that it is judged by.
   *
   * @param fullPlace the queue or pool that the run waits in, if it is full
   */
  record Proposal(
      FlowRunRecord run, State proposed, Instant now, Supplier<Optional<String>> fullPlace) {

    StateType from() {
      return run.state().type();
    }

    StateType to() {
      return proposed.type();
    }
  }

  /**
   * A rule's objection to a proposal.
   *
   * @param replacement for {@link Status#REJECT}, the state to record in its place; null to record
   *     none
   */
  record Objection(
      Status status, String reason, @Nullable State replacement, @Nullable Duration delay) {

    static Objection abort(String reason) {
      return new Objection(Status.ABORT, reason, null, null);
    }

    static Objection reject(String reason, @Nullable State replacement) {
      return new Objection(Status.REJECT, reason, replacement, null);
    }

    static Objection wait(String reason, Duration delay) {
      return new Objection(Status.WAIT, reason, null, delay);
    }
  }

  /** A rule. */
  private interface Rule {
    /** Returns its objection to a proposal, or null. */
    @Nullable Objection judge(Proposal proposal);
  }

  /** Returns the first objection to a proposal, or null if there is none. */
  static @Nullable Objection judge(Proposal proposal) {
    for (Rule rule : IN_ORDER) {
      Objection objection = rule.judge(proposal);
      if (objection != null) {
        return objection;
      }
    }
    return null;
  }

  /** Who decided by a state that has passed has to look again. */
  private static @Nullable Objection whatWasSeenStillStands(Proposal proposal) {
    Object expected = proposal.proposed().stateDetails().more().get(StateDetails.EXPECTED_STATE_ID);
    return expected == null || expected.equals(proposal.run().state().id().toString())
        ? null
        : Objection.abort(
            "The run's state has changed to " + proposal.run().state().name() + " meanwhile.");
  }

  private static @Nullable Objection terminalRunsAreNotStopped(Proposal proposal) {
    return proposal.from().isTerminal() && NOT_AFTER_THE_END.contains(proposal.to())
        ? Objection.abort("Run is already in terminal state " + proposal.from() + ".")
        : null;
  }

  /** A completed run whose result is kept isn't run again; one whose result is lost may be. */
  private static @Nullable Objection keptResultsAreNotLost(Proposal proposal) {
    return proposal.from() == StateType.COMPLETED
            && !proposal.proposed().isTerminal()
            && proposal.run().state().data() instanceof Map<?, ?> data
            && !"unpersisted".equals(data.get("type"))
        ? Objection.reject("Run is already COMPLETED.", null)
        : null;
  }

  private static @Nullable Objection runsWithoutDeploymentAreNotRescheduled(Proposal proposal) {
    return proposal.from().isTerminal()
            && proposal.to() == StateType.SCHEDULED
            && proposal.run().deploymentId() == null
        ? Objection.abort("Cannot reschedule a run without an associated deployment.")
        : null;
  }

  /**
   * A claim is exactly once. Of two agents that saw the same scheduled run the second finds it
   * pending or further; were it allowed to claim a run that has already ended, the run would
   * execute twice. (The reference allows that for failed runs.)
   */
  private static @Nullable Objection claimsAreOfScheduledRuns(Proposal proposal) {
    return proposal.to() == StateType.PENDING && proposal.from() != StateType.SCHEDULED
        ? Objection.abort(
            "This run is in a "
                + proposal.from()
                + " state and cannot transition to a PENDING state.")
        : null;
  }

  /** A cancelled run may be scheduled again. */
  private static @Nullable Objection cancelledRunsStayCancelled(Proposal proposal) {
    boolean isCancelled =
        proposal.from() == StateType.CANCELLING
            || (proposal.from() == StateType.CANCELLED && proposal.to() != StateType.SCHEDULED);
    return isCancelled && proposal.to() != StateType.CANCELLED
        ? Objection.reject(
            "Cannot transition flows that are cancelling to a state other than Cancelled.", null)
        : null;
  }

  /** There is nothing to end, so nobody needs to end it. */
  private static @Nullable Objection runsWithoutInfrastructureAreCancelledAtOnce(
      Proposal proposal) {
    return proposal.from() == StateType.SCHEDULED
            && proposal.to() == StateType.CANCELLING
            && proposal.run().infrastructurePid() == null
        ? Objection.reject(
            "Scheduled flow run has no infrastructure to terminate.",
            State.of(StateType.CANCELLED, proposal.proposed().message()))
        : null;
  }

  private static @Nullable Objection onlyRunningFlowsPause(Proposal proposal) {
    return proposal.to() == StateType.PAUSED && proposal.from() != StateType.RUNNING
        ? Objection.reject("Cannot pause flows that are not currently running.", null)
        : null;
  }

  private static @Nullable Objection scheduledRunsWaitForTheirTime(Proposal proposal) {
    Instant scheduled = proposal.run().state().stateDetails().scheduledTime();
    boolean isStart =
        proposal.to() == StateType.RUNNING
            && (proposal.from() == StateType.SCHEDULED || proposal.from() == StateType.PENDING);
    return isStart && scheduled != null && scheduled.isAfter(proposal.now())
        ? Objection.wait(
            "Scheduled time is in the future", Duration.between(proposal.now(), scheduled))
        : null;
  }

  /** Two agents that each saw room for one more run must not both take it. */
  private static @Nullable Objection queuesKeepTheirLimit(Proposal proposal) {
    if (proposal.to() != StateType.PENDING) {
      return null;
    }
    return proposal
        .fullPlace()
        .get()
        .map(
            place ->
                Objection.wait(
                    "The "
                        + place
                        + " has as many runs in progress as its concurrency limit allows.",
                    FULL_QUEUE_DELAY))
        .orElse(null);
  }

  private static @Nullable Objection failedRunsAreTriedAgain(Proposal proposal) {
    return proposal.from() == StateType.RUNNING && proposal.to() == StateType.FAILED
        ? tryAgain(proposal, StateDetails.NONE)
        : null;
  }

  /** Where infrastructure ended before its run, another one may not. Other programs don't ask. */
  private static @Nullable Objection crashedRunsAreTriedAgain(Proposal proposal) {
    return proposal.from() == StateType.RUNNING
            && proposal.to() == StateType.CRASHED
            && !SilentRuns.isSilent(proposal.proposed())
            && Boolean.TRUE.equals(
                proposal.run().retries().more().get(FlowRunRecord.RetryPolicy.RETRY_CRASHED))
        ? tryAgain(proposal, StateDetails.NONE.with(OF_CRASH, true))
        : null;
  }

  private static @Nullable Objection tryAgain(Proposal proposal, StateDetails details) {
    FlowRunRecord run = proposal.run();
    if (run.runCount() > run.retries().retries()) {
      return null;
    }
    Instant next = proposal.now().plus(run.retries().delay());
    return Objection.reject(
        "Retrying",
        State.of(StateType.SCHEDULED, RETRY, proposal.proposed().message())
            .withData(proposal.proposed().data())
            .withDetails(new StateDetails(null, null, null, next, details.more())));
  }

  /** Returns whether a run waits to be tried again whose infrastructure is gone. */
  static boolean isCrashRetry(State state) {
    return state.type() == StateType.SCHEDULED
        && Boolean.TRUE.equals(state.stateDetails().more().get(OF_CRASH));
  }
}
