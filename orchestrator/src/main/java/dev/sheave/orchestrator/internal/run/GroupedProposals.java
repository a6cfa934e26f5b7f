package dev.sheave.orchestrator.internal.run;

import dev.sheave.api.StateTransition;
import dev.sheave.orchestrator.internal.database.Database.GroupWork;
import dev.sheave.orchestrator.internal.run.FlowRunTransitions.Request;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Decides on states that several threads propose, each to a run of its own. */
final class GroupedProposals implements GroupWork<Request, StateTransition> {
  private static final int MOST = 64;

  @Override
  public double share(Request request) {
    return 1.0 / MOST;
  }

  @Override
  public List<Optional<StateTransition>> doTogether(Handle handle, List<Request> requests) {
    return FlowRunTransitions.propose(handle, requests);
  }

  @Override
  public StateTransition doAlone(Handle handle, Request request) {
    return FlowRunTransitions.propose(handle, request);
  }
}
