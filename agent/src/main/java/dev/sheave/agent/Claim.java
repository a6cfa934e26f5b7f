package dev.sheave.agent;

import dev.sheave.api.FlowRunApi;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.RunLease;
import dev.sheave.api.State;
import dev.sheave.api.StateDetails;
import dev.sheave.api.StateType;
import dev.sheave.internal.ProcessIdentity;
import dev.sheave.internal.ProcessIdentity.Fate;
import java.util.Optional;

/**
 * The last time that an agent has taken a run, as its lease or its states tell.
 *
 * @param attempt how often it was taken until then: what is started for it is named by that
 * @param fate what became of the agent; empty if none says that it has taken the run
 */
record Claim(int attempt, Optional<Fate> fate) {

  /** The state in which this agent takes a run without a lease. */
  static State state() {
    return State.of(StateType.PENDING)
        .withDetails(StateDetails.NONE.with(StateDetails.CLAIMED_BY, ProcessIdentity.own()));
  }

  /** Returns how often a run was taken; unlike {@link #of}, it doesn't look for the agent. */
  static int attempt(FlowRunApi api, FlowRunRecord run) {
    RunLease lease = run.lease();
    return lease == null ? of(api, run).attempt() : lease.attempt();
  }

  /** Looks which it was. */
  static Claim of(FlowRunApi api, FlowRunRecord run) {
    RunLease lease = run.lease();
    if (lease != null) {
      return new Claim(lease.attempt(), Optional.of(AgentIdentity.fateOf(lease.owner())));
    }
    int attempt = 0;
    Object agent = null;
    for (State state : api.listFlowRunStates(run.id())) {
      if (state.type() == StateType.PENDING) {
        attempt++;
        agent = state.stateDetails().more().get(StateDetails.CLAIMED_BY);
      }
    }
    return new Claim(
        Math.max(attempt, 1),
        agent instanceof String identity
            ? Optional.of(AgentIdentity.fateOf(identity))
            : Optional.empty());
  }

  /** Whether the agent has ended for certain. */
  boolean isOrphaned() {
    return fate.equals(Optional.of(Fate.GONE));
  }

  /** Whether the agent runs for certain. */
  boolean isHeld() {
    return fate.equals(Optional.of(Fate.RUNNING));
  }
}
