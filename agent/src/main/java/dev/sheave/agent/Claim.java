package dev.sheave.agent;

import dev.sheave.api.FlowRunApi;
import dev.sheave.api.State;
import dev.sheave.api.StateDetails;
import dev.sheave.api.StateType;
import dev.sheave.internal.ProcessIdentity;
import dev.sheave.internal.ProcessIdentity.Fate;
import java.util.Optional;
import java.util.UUID;

/**
 * The last time that an agent has taken a run, as its states tell.
 *
 * @param attempt how often it was taken until then: what is started for it is named by that
 * @param fate what became of the agent; empty if none says that it has taken the run
 */
record Claim(int attempt, Optional<Fate> fate) {

  /** The state in which this agent takes a run. */
  static State state() {
    return State.of(StateType.PENDING)
        .withDetails(StateDetails.NONE.with(StateDetails.CLAIMED_BY, ProcessIdentity.own()));
  }

  /** Looks which it was. */
  static Claim of(FlowRunApi api, UUID run) {
    int attempt = 0;
    Object agent = null;
    for (State state : api.listFlowRunStates(run)) {
      if (state.type() == StateType.PENDING) {
        attempt++;
        agent = state.stateDetails().more().get(StateDetails.CLAIMED_BY);
      }
    }
    return new Claim(
        Math.max(attempt, 1),
        agent instanceof String identity
            ? Optional.of(ProcessIdentity.fateOf(identity))
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
