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
import dev.sheave.orchestrator.internal.run.FlowRunTable.Entered;
import dev.sheave.orchestrator.internal.run.FlowRunTable.Locked;
import dev.sheave.orchestrator.internal.run.FlowRunTable.Waiting;
import dev.sheave.orchestrator.internal.run.StateRules.Objection;
import dev.sheave.orchestrator.internal.run.StateRules.Proposal;
import dev.sheave.orchestrator.internal.run.StateTable.Replaced;
import dev.sheave.orchestrator.internal.schema.StoredSchema;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
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

  /** The proposal of a state to a run. */
  record Request(UUID runId, State state, boolean force) {}

  /**
   * What is decided on a proposal.
   *
   * @param entered what is to be recorded, null for nothing
   */
  private record Decision(StateTransition answer, @Nullable Entered entered) {}

  /** Decides on a proposed state, and records the result. */
  static StateTransition propose(Handle handle, Request request) {
    Decision decision =
        decide(
            handle,
            FlowRunTable.readLocked(handle, request.runId(), request.state().id()),
            request);
    Entered entered = decision.entered();
    if (entered != null) {
      enter(handle, List.of(entered));
    }
    return decision.answer();
  }

  /**
   * Decides on states that are proposed to several runs, without a wait for a lock.
   *
   * @return the answers; nothing where somebody else is changing the run, it doesn't exist, or it
   *     is proposed a second state
   */
  static List<Optional<StateTransition>> propose(Handle handle, List<Request> requests) {
    Map<UUID, UUID> proposals = new LinkedHashMap<>();
    requests.forEach(each -> proposals.putIfAbsent(each.runId(), each.state().id()));
    Map<UUID, Locked> free = FlowRunTable.readFree(handle, proposals);
    List<Entered> entered = new ArrayList<>();
    List<Optional<StateTransition>> answers = new ArrayList<>();
    for (Request each : requests) {
      Locked locked = free.remove(each.runId());
      Decision decision = locked == null ? null : decide(handle, locked, each);
      if (decision != null && decision.entered() != null) {
        entered.add(decision.entered());
      }
      answers.add(Optional.ofNullable(decision).map(Decision::answer));
    }
    enter(handle, entered);
    return answers;
  }

  private static Decision decide(Handle handle, Locked locked, Request request) {
    FlowRunRecord run = locked.run();
    State proposed = request.state();
    if (locked.isProposed()) {
      Optional<StateTransition> answer =
          StateTable.OF_FLOW_RUNS
              .answer(handle, run.id(), proposed.id())
              .filter(known -> !request.force() || known.isAccepted());
      if (answer.isPresent()) {
        return new Decision(answer.get(), null);
      }
    }
    if (!locked.lets(proposed.stateDetails().fence())) {
      return new Decision(
          new StateTransition(
              run.state(), Status.ABORT, OVERTAKEN.formatted(run.name()), null, false),
          null);
    }
    Instant now = locked.next();
    Objection objection =
        request.force()
            ? null
            : StateRules.judge(
                new Proposal(run, proposed, now, () -> FlowRunTable.fullPlaceOf(handle, run.id())));
    if (objection == null) {
      Entered entered = entered(locked, proposed, null);
      return new Decision(StateTransition.accepted(entered.state()), entered);
    }
    State replacement = objection.replacement();
    Entered entered =
        replacement == null
            ? null
            : entered(locked, replacement, new Replaced(proposed.id(), objection.reason()));
    return new Decision(
        new StateTransition(
            entered == null ? run.state() : entered.state(),
            objection.status(),
            objection.reason(),
            objection.delay(),
            entered != null),
        entered);
  }

  /**
   * Claims runs that are scheduled, and that nobody else can change in this transaction; no limit
   * forbids it.
   *
   * @param claims who claims each
   */
  static List<FlowRunRecord> claim(
      Handle handle, List<Waiting> runs, Function<FlowRunRecord, RunClaim> claims, Instant now) {
    return FlowRunTable.claim(
        handle,
        runs,
        run ->
            entered(
                run,
                State.of(StateType.PENDING)
                    .withDetails(
                        StateDetails.NONE.with(StateDetails.CLAIMED_BY, claims.apply(run).owner())),
                now),
        claims,
        now);
  }

  /** Calls runs late that are scheduled, and that nobody else can change in this transaction. */
  static void markLate(Handle handle, List<FlowRunRecord> runs, Instant now) {
    FlowRunTable.enter(
        handle,
        runs.stream()
            .map(run -> new Entered(run, false, entered(run, late(run), now), null))
            .toList());
  }

  private static State late(FlowRunRecord run) {
    return State.of(StateType.SCHEDULED, "Late", null)
        .withDetails(
            new StateDetails(
                null, null, null, run.state().stateDetails().scheduledTime(), Map.of()));
  }

  private static State entered(FlowRunRecord run, State next, Instant now) {
    return recorded(next, run.state(), run.id(), Times.after(now, run.state().timestamp()));
  }

  private static Entered entered(Locked locked, State state, @Nullable Replaced replaced) {
    FlowRunRecord run = locked.run();
    State recorded = recorded(state, run.state(), run.id(), locked.next());
    return new Entered(run, locked.hasKey(), recorded, replaced);
  }

  /** Lets a run be again in a state that it was in before. */
  static void enterAgain(Handle handle, Locked locked, State state) {
    enter(handle, List.of(entered(locked, state, null)));
  }

  private static void enter(Handle handle, List<Entered> all) {
    FlowRunTable.enter(handle, all);
    Map<UUID, Instant> ends =
        all.stream()
            .filter(each -> each.hasKey() && each.state().isTerminal())
            .collect(Collectors.toMap(each -> each.run().id(), each -> each.state().timestamp()));
    if (!ends.isEmpty()) {
      ApiKeyTable.endOfRuns(handle, ends.keySet(), Collections.max(ends.values()));
    }
    all.forEach(each -> cancelStartedBy(handle, each));
  }

  /** A cancelled run's children are cancelled with it. */
  private static void cancelStartedBy(Handle handle, Entered entered) {
    if (isCancellation(entered.state())) {
      FlowRunRecord run = entered.run();
      State cancelling =
          State.of(
              StateType.CANCELLING,
              "The flow run '" + run.name() + "', which started this one, was cancelled.");
      FlowRunTable.startedBy(handle, run.id())
          .forEach(
              id -> propose(handle, new Request(id, cancelling.withId(UUID.randomUUID()), false)));
    }
  }

  private static boolean isCancellation(State state) {
    return state.type() == StateType.CANCELLING || state.type() == StateType.CANCELLED;
  }

  /** Returns whether a decision on a proposed state concerns no run but its own. */
  static boolean isOfOneRun(State proposed) {
    return proposed.type() != StateType.PENDING && !isCancellation(proposed);
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
