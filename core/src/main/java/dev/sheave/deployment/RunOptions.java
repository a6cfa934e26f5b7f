package dev.sheave.deployment;

import dev.sheave.api.FlowRunRecord.CreatedBy;
import dev.sheave.api.NewFlowRun;
import dev.sheave.flow.FlowRunContext;
import dev.sheave.internal.Arguments;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Options of one run of a deployment. Immutable; each method returns a changed copy.
 *
 * @param parameters values that override the deployment's: Java or JSON values, or strings to be
 *     converted
 * @param name the run's name; null to generate one
 * @param tags tags in addition to the deployment's
 * @param scheduledTime when it is due; null for now
 * @param idempotencyKey if not null, a second call with this key returns the first run
 * @param infraOverrides overrides of the infrastructure block, in addition to the deployment's, see
 *     {@link dev.sheave.infrastructure.InfraOverrides}
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

  /** With values that override the deployment's. */
  public RunOptions withParameters(Map<String, ? extends @Nullable Object> values) {
    return new RunOptions(
        new LinkedHashMap<>(Arguments.notNull(values, "parameters")),
        name,
        tags,
        scheduledTime,
        idempotencyKey,
        infraOverrides);
  }

  /** With a name. */
  public RunOptions withName(String value) {
    return new RunOptions(
        parameters,
        Arguments.notNull(value, "name"),
        tags,
        scheduledTime,
        idempotencyKey,
        infraOverrides);
  }

  /** With tags in addition to the deployment's. */
  public RunOptions withTags(Collection<String> values) {
    return new RunOptions(
        parameters,
        name,
        Arguments.noneNull(values, "tags"),
        scheduledTime,
        idempotencyKey,
        infraOverrides);
  }

  /** Due at a time. */
  public RunOptions withScheduledTime(Instant value) {
    return new RunOptions(
        parameters,
        name,
        tags,
        Arguments.notNull(value, "scheduledTime"),
        idempotencyKey,
        infraOverrides);
  }

  /** With a key; a second call with it returns the first run. */
  public RunOptions withIdempotencyKey(String value) {
    return new RunOptions(
        parameters,
        name,
        tags,
        scheduledTime,
        Arguments.notNull(value, "idempotencyKey"),
        infraOverrides);
  }

  /** With overrides of the infrastructure block for this run only. */
  public RunOptions withInfraOverrides(Map<String, ? extends @Nullable Object> values) {
    return new RunOptions(
        parameters,
        name,
        tags,
        scheduledTime,
        idempotencyKey,
        new LinkedHashMap<>(Arguments.notNull(values, "infraOverrides")));
  }

  /** Is cancelled with what it has created. */
  private static @Nullable CreatedBy creator(FlowRunContext run) {
    return run.flowRunId()
        .map(id -> new CreatedBy(id, CreatedBy.FLOW_RUN, run.flowRunName()))
        .orElse(null);
  }

  NewFlowRun toRun(
      Map<String, @Nullable Object> checkedParameters,
      Map<String, @Nullable Object> checkedOverrides) {
    NewFlowRun run =
        scheduledTime == null ? NewFlowRun.now(checkedParameters) : NewFlowRun.at(scheduledTime);
    return run.toBuilder()
        .name(name)
        .parameters(checkedParameters)
        .tags(tags)
        .idempotencyKey(idempotencyKey)
        .infraOverrides(checkedOverrides)
        .createdBy(FlowRunContext.find().map(RunOptions::creator).orElse(null))
        .build();
  }
}
