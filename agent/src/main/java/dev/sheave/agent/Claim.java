package dev.sheave.agent;

import dev.sheave.api.FlowRunApi;
import dev.sheave.api.State;
import dev.sheave.api.StateDetails;
import dev.sheave.api.StateType;
import dev.sheave.internal.ProcessIdentity;
import dev.sheave.internal.ProcessIdentity.Fate;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Which agent has taken a run: noted in the state in which it was taken. */
final class Claim {
  private Claim() {}

  /** The state in which this agent takes a run. */
  static State state() {
    return State.of(StateType.PENDING)
        .withDetails(StateDetails.NONE.with(StateDetails.CLAIMED_BY, ProcessIdentity.own()));
  }

  /** Looks what became of the agent that took a run last; empty if none says that it has. */
  static Optional<Fate> fateOfAgent(FlowRunApi api, UUID run) {
    List<State> states = api.listFlowRunStates(run);
    for (int i = states.size() - 1; i >= 0; i--) {
      State state = states.get(i);
      if (state.type() == StateType.PENDING) {
        Object agent = state.stateDetails().more().get(StateDetails.CLAIMED_BY);
        return agent instanceof String identity
            ? Optional.of(ProcessIdentity.fateOf(identity))
            : Optional.empty();
      }
    }
    return Optional.empty();
  }
}
