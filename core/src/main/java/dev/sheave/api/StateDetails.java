package dev.sheave.api;

import dev.sheave.SheaveException;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The details of a state besides its type and message.
 *
 * @param flowRunId the run the state belongs to; set by the orchestrator
 * @param taskRunId the task run it belongs to, if it does
 * @param childFlowRunId the run that a task run stands for, if it does
 * @param scheduledTime for scheduled states, when the run is due
 * @param more the protocol's other details by their wire names, kept as they came; those that say
 *     nothing are left out
 */
public record StateDetails(
    @Nullable UUID flowRunId,
    @Nullable UUID taskRunId,
    @Nullable UUID childFlowRunId,
    @Nullable Instant scheduledTime,
    Map<String, @Nullable Object> more) {

  /**
   * The name in {@code more} under which a proposed state says in which state its proposer has seen
   * the run, by that state's id: if it is in another one by now, the answer is ABORT. It isn't
   * recorded.
   */
  public static final String EXPECTED_STATE_ID = "expected_state_id";

  /** The name in {@code more} under which a pending state says which agent has claimed the run. */
  public static final String CLAIMED_BY = "claimed_by";

  /**
   * The name in {@code more} under which a running state says which execution the run has: that of
   * the process, and after a slash that of the execution.
   */
  public static final String EXECUTED_BY = "executed_by";

  /**
   * The name in {@code more} under which a running state says how agents name what executes the
   * run: it is recorded as the run's, too.
   */
  public static final String INFRASTRUCTURE_PID = "infrastructure_pid";

  /** What the protocol's other details are if they are absent. */
  private static final Map<String, @Nullable Object> DEFAULTS = defaults();

  /** Details that say nothing. */
  public static final StateDetails NONE = new StateDetails(null, null, null, null, Map.of());

  /** Leaves out of {@code more} what says nothing. */
  public StateDetails {
    more = ProtocolDefaults.without(more, DEFAULTS);
  }

  private static Map<String, @Nullable Object> defaults() {
    Map<String, @Nullable Object> defaults = new LinkedHashMap<>();
    for (String name :
        List.of("cache_key", "cache_expiration", "pause_timeout", "pause_key", "refresh_cache")) {
      defaults.put(name, null);
    }
    defaults.put("untrackable_result", false);
    defaults.put("pause_reschedule", false);
    return defaults;
  }

  /** Details of a state that is due at a time. */
  public static StateDetails scheduledAt(Instant time) {
    return new StateDetails(null, null, null, time, Map.of());
  }

  /** These details, and one more of the protocol's. */
  public StateDetails with(String name, @Nullable Object value) {
    Map<String, @Nullable Object> all = new LinkedHashMap<>(more);
    all.put(name, value);
    return new StateDetails(flowRunId, taskRunId, childFlowRunId, scheduledTime, all);
  }

  /** These details, of a proposed state whose writer may be overtaken. */
  public StateDetails with(RunFence fence) {
    StateDetails all = fence.epoch() == null ? this : with(RunFence.EPOCH, fence.epoch());
    return fence.attempt() == null ? all : all.with(RunFence.ATTEMPT, fence.attempt());
  }

  /**
   * What the writer of a proposed state says that it holds. It isn't recorded.
   *
   * @throws SheaveException {@code INVALID} if it can't be read
   */
  public RunFence fence() {
    return RunFence.of(more);
  }

  /** These details as they are recorded: without what is said for the proposal alone. */
  public StateDetails recorded() {
    Map<String, @Nullable Object> all = new LinkedHashMap<>(more);
    List.of(EXPECTED_STATE_ID, RunFence.EPOCH, RunFence.ATTEMPT).forEach(all::remove);
    return new StateDetails(
        flowRunId, taskRunId, childFlowRunId, scheduledTime, Collections.unmodifiableMap(all));
  }

  /** These details, of that run. */
  public StateDetails withFlowRunId(UUID id) {
    return new StateDetails(id, taskRunId, childFlowRunId, scheduledTime, more);
  }
}
