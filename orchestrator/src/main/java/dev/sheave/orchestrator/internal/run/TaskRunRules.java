package dev.sheave.orchestrator.internal.run;

import dev.sheave.api.ConcurrencyLimitRecord;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.State;
import dev.sheave.api.StateDetails;
import dev.sheave.api.StateType;
import dev.sheave.api.TaskRetryPolicy;
import dev.sheave.api.TaskRunRecord;
import dev.sheave.orchestrator.internal.run.StateRules.Objection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The rules for the states of task runs, as {@link StateRules} for flow runs. Reasons are worded as
 * the reference words them, since clients show them.
 */
final class TaskRunRules {
  /** How long a client waits before it asks again about a tag whose limit is reached. */
  static final Duration FULL_TAG_DELAY = Duration.ofSeconds(30);

  /** The longest cache key. */
  static final int MAX_CACHE_KEY_LENGTH = 2000;

  private static final Set<StateType> NOT_AFTER_THE_END =
      Set.of(StateType.CANCELLING, StateType.PAUSED, StateType.CRASHED);

  private static final List<Function<Proposal, @Nullable Objection>> IN_ORDER =
      List.of(
          TaskRunRules::cachedResultsAreUsed,
          TaskRunRules::endedRunsAreNotStopped,
          TaskRunRules::keptResultsAreNotLost,
          TaskRunRules::tasksRunInRunningFlows,
          TaskRunRules::tagsKeepTheirLimits,
          TaskRunRules::scheduledRunsWaitForTheirTime,
          TaskRunRules::failedRunsAreTriedAgain,
          TaskRunRules::cacheKeysAreShort);

  private TaskRunRules() {}

  /**
   * A proposed state, and the facts that it is judged by.
   *
   * @param limits the concurrency limits of the run's tags
   * @param cached the state that is cached under the proposed state's key
   */
  record Proposal(
      TaskRunRecord run,
      State proposed,
      Instant now,
      FlowRunRecord flowRun,
      Supplier<List<ConcurrencyLimitRecord>> limits,
      Supplier<Optional<State>> cached) {

    StateType from() {
      return run.state().type();
    }

    StateType to() {
      return proposed.type();
    }

    private boolean isStart() {
      return to() == StateType.RUNNING;
    }
  }

  /** Returns the first objection to a proposal, or null if there is none. */
  static @Nullable Objection judge(Proposal proposal) {
    for (Function<Proposal, @Nullable Objection> rule : IN_ORDER) {
      Objection objection = rule.apply(proposal);
      if (objection != null) {
        return objection;
      }
    }
    return null;
  }

  private static @Nullable Objection cachedResultsAreUsed(Proposal proposal) {
    if (!proposal.isStart()) {
      return null;
    }
    return proposal
        .cached()
        .get()
        .map(
            state ->
                Objection.reject(
                    "Retrieved state from cache",
                    State.of(StateType.COMPLETED, "Cached", state.message())
                        .withData(state.data())
                        .withDetails(state.stateDetails())))
        .orElse(null);
  }

  private static @Nullable Objection endedRunsAreNotStopped(Proposal proposal) {
    return proposal.from().isTerminal() && NOT_AFTER_THE_END.contains(proposal.to())
        ? Objection.abort("Run is already " + proposal.from() + ".")
        : null;
  }

  /**
   * A completed run whose result is kept stays as it is; one whose result is lost may run again.
   */
  private static @Nullable Objection keptResultsAreNotLost(Proposal proposal) {
    return proposal.from() == StateType.COMPLETED
            && proposal.run().state().data() instanceof Map<?, ?> data
            && !"unpersisted".equals(data.get("type"))
        ? Objection.reject("This run is already completed.", null)
        : null;
  }

  private static @Nullable Objection tasksRunInRunningFlows(Proposal proposal) {
    State flow = proposal.flowRun().state();
    if (!proposal.isStart() || flow.type() == StateType.RUNNING) {
      return null;
    }
    if (flow.type() != StateType.PAUSED) {
      return Objection.abort("The enclosing flow must be running to begin task execution.");
    }
    // the details say until when the flow waits
    return Objection.reject(
        "The flow is paused, new tasks can execute after resuming flow run: "
            + proposal.flowRun().id()
            + ".",
        State.of(StateType.PAUSED, "NotReady", null)
            .withDetails(new StateDetails(null, null, null, null, flow.stateDetails().more())));
  }

  private static @Nullable Objection tagsKeepTheirLimits(Proposal proposal) {
    if (!proposal.isStart()) {
      return null;
    }
    for (ConcurrencyLimitRecord limit : proposal.limits().get()) {
      if (limit.limit() == 0) {
        return Objection.abort(
            "The concurrency limit on tag \""
                + limit.tag()
                + "\" is 0 and will deadlock if the task tries to run again.");
      }
      if (!limit.activeSlots().contains(proposal.run().id())
          && limit.activeSlots().size() >= limit.limit()) {
        return Objection.wait(
            "Concurrency limit for the " + limit.tag() + " tag has been reached", FULL_TAG_DELAY);
      }
    }
    return null;
  }

  private static @Nullable Objection scheduledRunsWaitForTheirTime(Proposal proposal) {
    Instant scheduled = proposal.run().state().stateDetails().scheduledTime();
    boolean isWaiting =
        proposal.from() == StateType.SCHEDULED || proposal.from() == StateType.PENDING;
    return proposal.isStart() && isWaiting && scheduled != null && scheduled.isAfter(proposal.now())
        ? Objection.wait(
            "Scheduled time is in the future", Duration.between(proposal.now(), scheduled))
        : null;
  }

  private static @Nullable Objection failedRunsAreTriedAgain(Proposal proposal) {
    TaskRunRecord run = proposal.run();
    if (proposal.from() != StateType.RUNNING
        || proposal.to() != StateType.FAILED
        || run.runCount() > run.retries().retries()
        || Boolean.FALSE.equals(proposal.proposed().stateDetails().more().get("retriable"))) {
      return null;
    }
    return Objection.reject(
        "Retrying",
        State.of(StateType.SCHEDULED, "AwaitingRetry", proposal.proposed().message())
            .withData(proposal.proposed().data())
            .withDetails(
                StateDetails.scheduledAt(
                    proposal.now().plus(delay(run.retries(), run.runCount())))));
  }

  private static Duration delay(TaskRetryPolicy policy, int attempt) {
    List<Duration> delays = policy.delays();
    if (delays.isEmpty()) {
      return Duration.ZERO;
    }
    Duration delay = delays.get(Math.max(0, Math.min(attempt, delays.size()) - 1));
    Double jitter = policy.jitterFactor();
    if (jitter == null || jitter <= 0) {
      return delay;
    }
    double factor = 1 + ThreadLocalRandom.current().nextDouble(-1, 1) * Math.min(jitter, 1);
    return Duration.ofMillis(Math.round(delay.toMillis() * factor));
  }

  private static @Nullable Objection cacheKeysAreShort(Proposal proposal) {
    return proposal.proposed().stateDetails().more().get("cache_key") instanceof String key
            && key.length() > MAX_CACHE_KEY_LENGTH
        ? Objection.reject(
            "Cache key exceeded maximum allowed length of " + MAX_CACHE_KEY_LENGTH + " characters.",
            null)
        : null;
  }
}
