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
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
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

  /** Decides on a proposed state, and records the result. */
  static StateTransition propose(Handle handle, UUID id, State proposed, boolean force) {
    Locked locked = FlowRunTable.readLocked(handle, id, proposed.id());
    FlowRunRecord run = locked.run();
    if (locked.isProposed()) {
      Optional<StateTransition> answer =
          StateTable.OF_FLOW_RUNS
              .answer(handle, id, proposed.id())
              .filter(known -> !force || known.isAccepted());
      if (answer.isPresent()) {
        return answer.get();
      }
    }
    if (!locked.lets(proposed.stateDetails().fence())) {
      return new StateTransition(
          run.state(), Status.ABORT, OVERTAKEN.formatted(run.name()), null, false);
    }
    Instant now = Times.after(locked.now(), run.state().timestamp());
    Objection objection =
        force
            ? null
            : StateRules.judge(
                new Proposal(run, proposed, now, () -> FlowRunTable.fullPlaceOf(handle, id)));
    if (objection == null) {
      return StateTransition.accepted(enter(handle, locked, proposed, now, null));
    }
    State replacement = objection.replacement();
    State current =
        replacement == null
            ? run.state()
            : enter(
                handle, locked, replacement, now, new Replaced(proposed.id(), objection.reason()));
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
    State pending =
        State.of(StateType.PENDING)
            .withDetails(StateDetails.NONE.with(StateDetails.CLAIMED_BY, claim.owner()));
    Map<UUID, State> entered = recorded(runs, run -> pending.withId(UUID.randomUUID()), now);
    FlowRunTable.claim(handle, runs, entered, claim, now);
    return FlowRunTable.read(handle, entered.keySet());
  }

  /** Calls runs late that are scheduled, and that nobody else can change in this transaction. */
  static void markLate(Handle handle, List<FlowRunRecord> runs, Instant now) {
    Map<UUID, State> entered =
        recorded(
            runs,
            run ->
                State.of(StateType.SCHEDULED, "Late", null)
                    .withDetails(
                        new StateDetails(
                            null,
                            null,
                            null,
                            run.state().stateDetails().scheduledTime(),
                            Map.of())),
            now);
    FlowRunTable.enterFree(handle, runs, entered, now);
  }

  private static Map<UUID, State> recorded(
      List<FlowRunRecord> runs, Function<FlowRunRecord, State> next, Instant now) {
    Map<UUID, State> states = new LinkedHashMap<>();
    for (FlowRunRecord run : runs) {
      State previous = run.state();
      Instant then = Times.after(now, previous.timestamp());
      states.put(run.id(), recorded(next.apply(run), previous, run.id(), then));
    }
    return states;
  }

  /** Lets a run be again in a state that it was in before. */
  static void enterAgain(Handle handle, Locked locked, State state) {
    enter(handle, locked, state, Times.after(locked.now(), locked.run().state().timestamp()), null);
  }

  private static State enter(
      Handle handle, Locked locked, State state, Instant now, @Nullable Replaced replaced) {
    FlowRunRecord run = locked.run();
    State recorded = recorded(state, run.state(), run.id(), now);
    FlowRunTable.enter(handle, run, recorded, now, replaced);
    if (recorded.isTerminal() && locked.hasKey()) {
      ApiKeyTable.endOfRun(handle, run.id(), now);
    }
    if (recorded.type() == StateType.CANCELLING || recorded.type() == StateType.CANCELLED) {
      State cancelling =
          State.of(
              StateType.CANCELLING,
              "The flow run '" + run.name() + "', which started this one, was cancelled.");
      FlowRunTable.startedBy(handle, run.id())
          .forEach(id -> propose(handle, id, cancelling.withId(UUID.randomUUID()), false));
    }
    return recorded;
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
