package dev.sheave.orchestrator.internal.run;

import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.RunLease;
import dev.sheave.api.State;
import dev.sheave.api.StateDetails;
import dev.sheave.api.StateType;
import dev.sheave.orchestrator.internal.database.Row;
import dev.sheave.orchestrator.internal.database.StoreClock;
import dev.sheave.orchestrator.internal.key.ApiKeyTable;
import dev.sheave.orchestrator.internal.run.FlowRunTable.Locked;
import dev.sheave.orchestrator.internal.run.FlowRunTransitions.Request;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/**
 * Runs with a lease whose agent and process haven't been heard of for long, and that no other agent
 * could adopt. They are ended; if they are heard again, and nobody has taken them meanwhile, that
 * is taken back.
 */
public final class SilentRuns {
  /** How long a run may be silent. */
  public static final Duration MAX_SILENCE = Duration.ofMinutes(10);

  /** The name of the detail of a state in which a silent run was ended. */
  private static final String SILENT = "silent";

  private static final int AT_ONCE = 200;

  private SilentRuns() {}

  /**
   * Ends those that have been silent too long.
   *
   * @return whether there may be more
   */
  public static boolean end(Handle handle) {
    List<UUID> silent =
        handle
            .createQuery(
                "select id from flow_run where lease_end < :before and agent_heard < :before"
                    + " and coalesce(process_heard, 0) < :before"
                    + " and state_type in ('PENDING', 'RUNNING', 'CANCELLING') limit :limit")
            .bind("before", StoreClock.now(handle).minus(MAX_SILENCE))
            .bind("limit", AT_ONCE)
            .map((row, context) -> new Row(row).id("id"))
            .list();
    silent.forEach(id -> end(handle, FlowRunTable.read(handle, id)));
    return silent.size() == AT_ONCE;
  }

  private static void end(Handle handle, FlowRunRecord run) {
    RunLease lease = run.lease();
    if (lease == null) {
      return;
    }
    Instant process = lease.processHeard();
    String heard =
        "Its agent was last heard at "
            + seconds(lease.ownerHeard())
            + (process == null
                ? ", its process never."
                : ", its process at " + seconds(process) + ".");
    State end =
        run.state().type() == StateType.CANCELLING
            ? State.of(
                    StateType.CANCELLED,
                    "No agent that can reach the run's infrastructure has cancelled it. " + heard)
                .withDetails(StateDetails.NONE.with(SILENT, true))
            : State.of(StateType.CRASHED, "Nothing was heard of the run any more. " + heard)
                .withDetails(StateDetails.NONE.with(SILENT, true));
    FlowRunTransitions.propose(handle, new Request(run.id(), end, false));
  }

  private static Instant seconds(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS);
  }

  /** Returns whether a state is that of a run that was crashed since nothing was heard of it. */
  static boolean isSilent(State state) {
    return state.type() == StateType.CRASHED && isEndOfSilent(state);
  }

  /**
   * Returns whether a state is that of a run that was ended since nothing was heard of it. Its
   * lease stays: what executes it may be found.
   */
  static boolean isEndOfSilent(State state) {
    return state.isTerminal() && Boolean.TRUE.equals(state.stateDetails().more().get(SILENT));
  }

  /** Takes the end of a run back that is heard again. */
  static void resume(Handle handle, UUID id) {
    if (!isToResume(FlowRunTable.read(handle, id))) {
      return; // nobody is kept from changing it
    }
    Locked locked = FlowRunTable.readLocked(handle, id, null);
    if (!isToResume(locked.run())) {
      return;
    }
    List<State> states = StateTable.OF_FLOW_RUNS.list(handle, id);
    State before = states.get(states.size() - 2);
    State again =
        new State(
            UUID.randomUUID(),
            before.type(),
            before.name(),
            before.timestamp(),
            "The run was heard again.",
            before.data(),
            before.stateDetails());
    FlowRunTransitions.enterAgain(handle, locked, again);
    ApiKeyTable.resumeRun(handle, id);
  }

  private static boolean isToResume(FlowRunRecord run) {
    return run.lease() != null && isSilent(run.state());
  }

  /** Takes the ends of an agent's runs back: it is heard again. */
  static void resumeOf(Handle handle, String owner) {
    handle
        .createQuery(
            "select id from flow_run where lease_owner = :owner and state_type = 'CRASHED'")
        .bind("owner", owner)
        .map((row, context) -> new Row(row).id("id"))
        .list()
        .forEach(id -> resume(handle, id));
  }
}
