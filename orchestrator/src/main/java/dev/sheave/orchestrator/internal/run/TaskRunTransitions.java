package dev.sheave.orchestrator.internal.run;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.Created;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.NewTaskRun;
import dev.sheave.api.State;
import dev.sheave.api.StateDetails;
import dev.sheave.api.StateTransition;
import dev.sheave.api.StateType;
import dev.sheave.api.TaskRunRecord;
import dev.sheave.orchestrator.internal.database.StoreClock;
import dev.sheave.orchestrator.internal.run.StateRules.Objection;
import dev.sheave.orchestrator.internal.run.StateTable.Replaced;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Creates task runs and moves them from state to state. Every method is one transaction's work. */
final class TaskRunTransitions {
  private static final String CACHE_KEY = "cache_key";
  private static final String CACHE_EXPIRATION = "cache_expiration";

  private TaskRunTransitions() {}

  /** Makes a task run, or returns the one of its keys. */
  static Created<TaskRunRecord> begin(Handle handle, NewTaskRun wanted) {
    FlowRunTable.checkExists(handle, wanted.flowRunId());
    if (wanted.taskKey().isBlank()) {
      throw new SheaveException(Code.INVALID, "The key of a task must not be empty.");
    }
    Optional<TaskRunRecord> existing =
        TaskRunTable.find(handle, wanted.flowRunId(), wanted.taskKey(), wanted.dynamicKey());
    if (existing.isPresent()) {
      return new Created<>(existing.get(), false);
    }
    UUID id = UUID.randomUUID();
    Instant now = StoreClock.now(handle);
    String name = wanted.name();
    TaskRunTable.insert(
        handle,
        TaskRunRecord.builder(
                id,
                name == null || name.isBlank()
                    ? wanted.taskKey() + "-" + wanted.dynamicKey()
                    : name,
                wanted.flowRunId(),
                wanted.taskKey(),
                wanted.dynamicKey(),
                recorded(
                    wanted.state().withId(UUID.randomUUID()), null, wanted.flowRunId(), id, now))
            .created(now)
            .cacheKey(wanted.cacheKey())
            .cacheExpiration(wanted.cacheExpiration())
            .taskVersion(wanted.taskVersion())
            .retries(wanted.retries())
            .tags(wanted.tags())
            .taskInputs(wanted.taskInputs())
            .build());
    return new Created<>(TaskRunTable.read(handle, id), true);
  }

  /** Decides on a proposed state, and records the result. */
  static StateTransition propose(Handle handle, UUID id, State proposed, boolean force) {
    TaskRunRecord run = TaskRunTable.read(handle, id);
    Optional<StateTransition> answer =
        StateTable.OF_TASK_RUNS
            .answer(handle, id, proposed.id())
            .filter(known -> !force || known.isAccepted());
    if (answer.isPresent()) {
      return answer.get();
    }
    FlowRunRecord flowRun = FlowRunTable.read(handle, run.flowRunId());
    Instant now = StoreClock.nowAfter(handle, run.state().timestamp());
    Objection objection =
        force
            ? null
            : TaskRunRules.judge(
                new TaskRunRules.Proposal(
                    run,
                    proposed,
                    now,
                    flowRun,
                    () -> ConcurrencyLimitTable.ofTags(handle, run.tags()),
                    () -> cached(handle, proposed, now)));
    if (objection != null) {
      State replacement = objection.replacement();
      State current =
          replacement == null
              ? run.state()
              : enter(
                  handle,
                  run,
                  flowRun,
                  replacement,
                  now,
                  new Replaced(proposed.id(), objection.reason()));
      return new StateTransition(
          current, objection.status(), objection.reason(), objection.delay(), replacement != null);
    }
    State named = force ? proposed : renamed(run, flowRun, proposed);
    if (!force && proposed.type() == StateType.RUNNING) {
      ConcurrencyLimitTable.ofTags(handle, run.tags())
          .forEach(limit -> ConcurrencyLimitTable.take(handle, limit.id(), id));
    }
    State entered = enter(handle, run, flowRun, named, now, null);
    if (!force
        && entered.type() == StateType.COMPLETED
        && entered.stateDetails().more().get(CACHE_KEY) instanceof String key) {
      TaskRunTable.cache(handle, key, expirationOf(entered), entered.id());
    }
    return StateTransition.accepted(entered);
  }

  private static Optional<State> cached(Handle handle, State proposed, Instant now) {
    Map<String, @Nullable Object> details = proposed.stateDetails().more();
    return details.get(CACHE_KEY) instanceof String key
            && !Boolean.TRUE.equals(details.get("refresh_cache"))
        ? TaskRunTable.cached(handle, key, now)
        : Optional.empty();
  }

  private static @Nullable Instant expirationOf(State state) {
    Object expiration = state.stateDetails().more().get(CACHE_EXPIRATION);
    try {
      return expiration instanceof String text ? OffsetDateTime.parse(text).toInstant() : null;
    } catch (DateTimeParseException e) {
      throw new SheaveException(
          Code.INVALID, "The '" + CACHE_EXPIRATION + "' of a state must be a time.", e);
    }
  }

  /** A state of another attempt has another name. */
  private static State renamed(TaskRunRecord run, FlowRunRecord flowRun, State proposed) {
    if (proposed.type() != StateType.RUNNING) {
      return proposed;
    }
    boolean isFlowRetrying = run.state().isTerminal() && run.flowRunRunCount() < flowRun.runCount();
    if (isFlowRetrying) {
      return proposed.withName("Retrying");
    }
    if (run.runCount() == 0 || run.state().isTerminal()) {
      return proposed;
    }
    return proposed.withName(run.state().name().equals("AwaitingRetry") ? "Retrying" : "Rerunning");
  }

  private static State enter(
      Handle handle,
      TaskRunRecord run,
      FlowRunRecord flowRun,
      State state,
      Instant now,
      @Nullable Replaced replaced) {
    State recorded = recorded(state, run.state(), run.flowRunId(), run.id(), now);
    RunProgress progress = RunProgress.of(run);
    if (run.state().isTerminal() && !recorded.isTerminal()) {
      progress = progress.anew();
    }
    TaskRunTable.enter(
        handle,
        run,
        recorded,
        progress.after(run.state(), recorded),
        recorded.type() == StateType.RUNNING ? flowRun.runCount() : run.flowRunRunCount(),
        replaced);
    if (recorded.type() != StateType.RUNNING) {
      ConcurrencyLimitTable.release(handle, run.id());
    }
    return recorded;
  }

  private static State recorded(
      State state, @Nullable State previous, UUID flowRunId, UUID id, Instant now) {
    State recorded = FlowRunTransitions.recorded(state, previous, flowRunId, now);
    StateDetails details = recorded.stateDetails();
    return recorded.withDetails(
        new StateDetails(
            flowRunId, id, details.childFlowRunId(), details.scheduledTime(), details.more()));
  }
}
