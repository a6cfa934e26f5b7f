package dev.sheave.orchestrator.internal.run;

import dev.sheave.api.Created;
import dev.sheave.api.DeploymentRecord;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.NewFlowRun;
import dev.sheave.api.RunClaim;
import dev.sheave.api.State;
import dev.sheave.api.StateDetails;
import dev.sheave.api.StateTransition;
import dev.sheave.api.StateTransition.Status;
import dev.sheave.api.StateType;
import dev.sheave.orchestrator.internal.database.StoreClock;
import dev.sheave.orchestrator.internal.database.Times;
import dev.sheave.orchestrator.internal.deployment.DeploymentTable;
import dev.sheave.orchestrator.internal.key.ApiKeyTable;
import dev.sheave.orchestrator.internal.run.FlowRunTable.Locked;
import dev.sheave.orchestrator.internal.run.StateRules.Objection;
import dev.sheave.orchestrator.internal.run.StateRules.Proposal;
import dev.sheave.orchestrator.internal.run.StateTable.Replaced;
import dev.sheave.orchestrator.internal.schema.StoredSchema;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Creates flow runs and moves them from state to state. Every method is one transaction's work. */
final class FlowRunTransitions {
  /** Said to a writer that no longer holds a run; the run's name. */
  static final String OVERTAKEN =
      "The flow run '%s' was taken over by another agent, or is executed by another process.";

  private FlowRunTransitions() {}

  /** Makes a run, or returns the one of its idempotency key. */
  static Created<FlowRunRecord> begin(
      Handle handle, UUID flowId, @Nullable DeploymentRecord deployment, NewFlowRun wanted) {
    String key = wanted.idempotencyKey();
    if (key != null) {
      Optional<FlowRunRecord> existing = FlowRunTable.find(handle, flowId, key);
      if (existing.isPresent()) {
        return new Created<>(existing.get(), false);
      }
    }
    DeploymentTable.checkBlock(handle, wanted.infrastructureDocumentId(), "infrastructure");
    UUID queue = null;
    if (deployment != null) {
      StoredSchema.check(deployment.spec().parameterSchema(), wanted.parameters());
      queue = DeploymentTable.workQueueIdOf(handle, deployment.id());
    }
    FlowRunRecord run = newRun(flowId, deployment, queue, wanted, StoreClock.now(handle));
    FlowRunTable.insert(handle, List.of(run));
    return new Created<>(FlowRunTable.read(handle, run.id()), true);
  }

  /** Returns a run that isn't written yet. */
  static FlowRunRecord newRun(
      UUID flowId,
      @Nullable DeploymentRecord deployment,
      @Nullable UUID workQueueId,
      NewFlowRun wanted,
      Instant now) {
    UUID id = UUID.randomUUID();
    Map<String, @Nullable Object> parameters = new LinkedHashMap<>();
    Set<String> tags = new LinkedHashSet<>();
    if (deployment != null) {
      parameters.putAll(deployment.spec().parameters());
      tags.addAll(deployment.spec().tags());
    }
    parameters.putAll(wanted.parameters());
    tags.addAll(wanted.tags());
    String name = wanted.name();
    State state = recorded(wanted.state().withId(UUID.randomUUID()), null, id, now);
    UUID infrastructure = wanted.infrastructureDocumentId();
    if (infrastructure == null && deployment != null) {
      infrastructure = deployment.spec().infrastructureDocumentId();
    }
    return FlowRunRecord.builder(
            id, name == null || name.isBlank() ? RunNames.next() : name, flowId, state)
        .created(now)
        .deploymentId(deployment == null ? null : deployment.id())
        .workQueueId(workQueueId)
        .flowVersion(wanted.flowVersion())
        .parameters(parameters)
        .context(wanted.context())
        .tags(List.copyOf(tags))
        .idempotencyKey(wanted.idempotencyKey())
        .parentTaskRunId(wanted.parentTaskRunId())
        .retries(wanted.retries())
        .infrastructureDocumentId(infrastructure)
        .infraOverrides(wanted.infraOverrides())
        .autoScheduled(wanted.autoScheduled())
        .createdBy(wanted.createdBy())
        .build();
  }

  /** A state that is proposed for a run; rules don't count if it is forced. */
  record Proposed(UUID runId, State state, boolean isForced) {}

  /** Decides on a proposed state, and records the result. */
  static StateTransition propose(Handle handle, UUID id, State proposed, boolean force) {
    return propose(handle, List.of(new Proposed(id, proposed, force))).get(0);
  }

  /**
   * Decides on proposed states, each of another run, and records the results; returns them in the
   * same order.
   */
  static List<StateTransition> propose(Handle handle, List<Proposed> all) {
    Map<UUID, Locked> locked = FlowRunTable.readLocked(handle, all);
    List<Entrance> entrances = new ArrayList<>();
    List<StateTransition> answers = new ArrayList<>();
    for (Proposed each : all) {
      answers.add(
          decide(handle, Objects.requireNonNull(locked.get(each.runId())), each, entrances));
    }
    enter(handle, entrances);
    return answers;
  }

  /** Decides on a proposed state; adds the state that the run is to enter, if it is to. */
  private static StateTransition decide(
      Handle handle, Locked locked, Proposed proposal, List<Entrance> entrances) {
    FlowRunRecord run = locked.run();
    State proposed = proposal.state();
    boolean isForced = proposal.isForced();
    if (locked.isProposed()) {
      Optional<StateTransition> answer =
          StateTable.OF_FLOW_RUNS
              .answer(handle, run.id(), proposed.id())
              .filter(known -> !isForced || known.isAccepted());
      if (answer.isPresent()) {
        return answer.get();
      }
    }
    if (!locked.lets(proposed.stateDetails().fence())) {
      return new StateTransition(
          run.state(), Status.ABORT, OVERTAKEN.formatted(run.name()), null, false);
    }
    Instant now = locked.nowAfterState();
    Objection objection =
        isForced
            ? null
            : StateRules.judge(
                new Proposal(run, proposed, now, () -> FlowRunTable.fullPlaceOf(handle, run.id())));
    if (objection == null) {
      Entrance entrance = Entrance.of(locked, proposed, null);
      entrances.add(entrance);
      return StateTransition.accepted(entrance.state());
    }
    State current = run.state();
    State replacement = objection.replacement();
    if (replacement != null) {
      Entrance entrance =
          Entrance.of(locked, replacement, new Replaced(proposed.id(), objection.reason()));
      entrances.add(entrance);
      current = entrance.state();
    }
    return new StateTransition(
        current, objection.status(), objection.reason(), objection.delay(), replacement != null);
  }

  /**
   * Claims runs that are scheduled, and that nobody else can change in this transaction; no limit
   * forbids it.
   */
  static List<FlowRunRecord> claim(
      Handle handle, List<FlowRunRecord> runs, RunClaim claim, Instant now) {
    if (runs.isEmpty()) {
      return List.of();
    }
    Map<UUID, State> entered = new LinkedHashMap<>();
    for (FlowRunRecord run : runs) {
      State pending =
          State.of(StateType.PENDING)
              .withDetails(StateDetails.NONE.with(StateDetails.CLAIMED_BY, claim.owner()));
      entered.put(
          run.id(),
          recorded(pending, run.state(), run.id(), Times.after(now, run.state().timestamp())));
    }
    FlowRunTable.claim(handle, runs, entered, claim, now);
    return FlowRunTable.read(handle, entered.keySet());
  }

  /** Lets a run be again in a state that it was in before. */
  static void enterAgain(Handle handle, Locked locked, State state) {
    enter(handle, List.of(Entrance.of(locked, state, null)));
  }

  /**
   * A run that enters a state.
   *
   * @param run the run as it was seen
   * @param state as it is recorded
   * @param replaced the proposed state in whose place the run enters it; null for this one
   * @param pid names what executes the run from now on; null if that stays as it is
   * @param hasKey whether the run has an API key that is valid
   */
  record Entrance(
      FlowRunRecord run,
      State state,
      @Nullable Replaced replaced,
      @Nullable String pid,
      boolean hasKey) {
    static Entrance of(Locked locked, State state, @Nullable Replaced replaced) {
      FlowRunRecord run = locked.run();
      return new Entrance(
          run,
          recorded(state, run.state(), run.id(), locked.nowAfterState()),
          replaced,
          state.stateDetails().more().get(StateDetails.INFRASTRUCTURE_PID) instanceof String pid
              ? pid
              : null,
          locked.hasKey());
    }
  }

  private static void enter(Handle handle, List<Entrance> entrances) {
    FlowRunTable.enter(handle, entrances);
    for (Entrance each : entrances) {
      FlowRunRecord run = each.run();
      State state = each.state();
      if (state.isTerminal() && each.hasKey()) {
        ApiKeyTable.endOfRun(handle, run.id(), state.timestamp());
      }
      if (state.type() == StateType.CANCELLING || state.type() == StateType.CANCELLED) {
        State cancelling =
            State.of(
                StateType.CANCELLING,
                "The flow run '" + run.name() + "', which started this one, was cancelled.");
        propose(
            handle,
            FlowRunTable.startedBy(handle, run.id()).stream()
                .map(id -> new Proposed(id, cancelling.withId(UUID.randomUUID()), false))
                .toList());
      }
    }
  }

  /**
   * Returns a state as it is recorded. It keeps its proposer's id, so that who missed the answer
   * can ask again. The orchestrator sets its time, so that one clock says when runs are due and how
   * states follow each other.
   */
  static State recorded(State state, @Nullable State previous, UUID runId, Instant now) {
    Instant scheduled = state.stateDetails().scheduledTime();
    if (scheduled == null && state.type() == StateType.SCHEDULED) {
      scheduled = now;
    }
    if (scheduled == null
        && state.type() == StateType.PENDING
        && previous != null
        && previous.type() == StateType.SCHEDULED) {
      // a claimed run still waits for its time
      scheduled = previous.stateDetails().scheduledTime();
    }
    StateDetails details = state.stateDetails();
    return new State(
        state.id(),
        state.type(),
        state.name().isBlank() ? state.type().displayName() : state.name(),
        now,
        state.message(),
        state.data(),
        new StateDetails(
            runId,
            details.taskRunId(),
            details.childFlowRunId(),
            scheduled == null ? null : Times.exact(scheduled),
            details.recorded().more()));
  }
}
