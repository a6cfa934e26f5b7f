package dev.sheave.api;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A flow run to be created.
 *
 * @param state the state it starts in, usually scheduled
 * @param name its name; null to generate one
 * @param parameters its values; over a deployment's, one by one
 * @param tags tags in addition to the deployment's
 * @param idempotencyKey if not null, a second run of this flow with this key is the first one
 * @param infraOverrides overrides of the infrastructure block in addition to the deployment's, by
 *     dotted key
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
