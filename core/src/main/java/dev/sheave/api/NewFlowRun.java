package dev.sheave.api;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A flow run to be made.
 *
 * @param state the state it starts in, usually scheduled
 * @param name what people shall call it; null for a name made up
 * @param parameters its values; over a deployment's, one by one
 * @param tags labels for people, beside the deployment's
 * @param idempotencyKey if not null, a second run of this flow with this key is the first one
 * @param infraOverrides by dotted key, what this run has different, over the deployment's
 */
public record NewFlowRun(
    State state,
    @Nullable String name,
    Map<String, @Nullable Object> parameters,
    List<String> tags,
    @Nullable String idempotencyKey,
    Map<String, @Nullable Object> infraOverrides) {

  /** A run due now, with some values. */
  public static NewFlowRun now(Map<String, @Nullable Object> parameters) {
    return new NewFlowRun(
        State.scheduledAt(java.time.Instant.now()), null, parameters, List.of(), null, Map.of());
  }
}
