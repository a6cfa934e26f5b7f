package dev.sheave.api;

import java.time.Instant;
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
 * @param more the protocol's other details by their wire names, kept as they came
 */
public record StateDetails(
    @Nullable UUID flowRunId,
    @Nullable UUID taskRunId,
    @Nullable UUID childFlowRunId,
    @Nullable Instant scheduledTime,
    Map<String, @Nullable Object> more) {

  /** Details that say nothing. */
  public static final StateDetails NONE = new StateDetails(null, null, null, null, Map.of());

  /** Details of a state that is due at a time. */
  public static StateDetails scheduledAt(Instant time) {
    return new StateDetails(null, null, null, time, Map.of());
  }

  /** These details, of that run. */
  public StateDetails withFlowRunId(UUID id) {
    return new StateDetails(id, taskRunId, childFlowRunId, scheduledTime, more);
  }
}
