package dev.sheave.deployment;

import dev.sheave.api.NewFlowRun;
import dev.sheave.api.State;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a run of a deployment differs from the next one. Immutable; each method returns a changed
 * copy.
 *
 * @param parameters values over the deployment's: Java or JSON values, or texts to be converted
 * @param name what people shall call it; null for a name made up
 * @param tags labels for people, beside the deployment's
 * @param scheduledTime when it is due; null for now
 * @param idempotencyKey if not null, a second run with this key is the first one
 * @param infraOverrides what it has different, over the deployment's, see {@link
 *     dev.sheave.infrastructure.InfraOverrides}
 */
public record RunOptions(
    Map<String, @Nullable Object> parameters,
    @Nullable String name,
    List<String> tags,
    @Nullable Instant scheduledTime,
    @Nullable String idempotencyKey,
    Map<String, @Nullable Object> infraOverrides) {

  /** Due now, with the deployment's values. */
  public static final RunOptions DEFAULTS =
      new RunOptions(Map.of(), null, List.of(), null, null, Map.of());

  /** With values over the deployment's. */
  public RunOptions withParameters(Map<String, ? extends @Nullable Object> values) {
    return new RunOptions(
        new LinkedHashMap<>(values), name, tags, scheduledTime, idempotencyKey, infraOverrides);
  }

  /** With a name. */
  public RunOptions withName(String value) {
    return new RunOptions(parameters, value, tags, scheduledTime, idempotencyKey, infraOverrides);
  }

  /** With labels beside the deployment's. */
  public RunOptions withTags(Collection<String> values) {
    return new RunOptions(
        parameters, name, List.copyOf(values), scheduledTime, idempotencyKey, infraOverrides);
  }

  /** Due at a time. */
  public RunOptions withScheduledTime(Instant value) {
    return new RunOptions(parameters, name, tags, value, idempotencyKey, infraOverrides);
  }

  /** With a key by which a second run is the first one. */
  public RunOptions withIdempotencyKey(String value) {
    return new RunOptions(parameters, name, tags, scheduledTime, value, infraOverrides);
  }

  /** With something different from the infrastructure block, for this run alone. */
  public RunOptions withInfraOverrides(Map<String, ? extends @Nullable Object> values) {
    return new RunOptions(
        parameters, name, tags, scheduledTime, idempotencyKey, new LinkedHashMap<>(values));
  }

  NewFlowRun toRun(
      Map<String, @Nullable Object> checkedParameters,
      Map<String, @Nullable Object> checkedOverrides) {
    return new NewFlowRun(
        State.scheduledAt(scheduledTime == null ? Instant.now() : scheduledTime),
        name,
        checkedParameters,
        tags,
        idempotencyKey,
        checkedOverrides);
  }
}
