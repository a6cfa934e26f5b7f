package dev.sheave.deployment;

import dev.sheave.block.Block;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The values of a deployment; see the accessors of {@link Deployment}. */
record DeploymentValues(
    String name,
    String flowName,
    @Nullable String version,
    @Nullable String description,
    List<String> tags,
    Map<String, @Nullable Object> parameters,
    Map<String, @Nullable Object> parameterSchema,
    String workQueueName,
    @Nullable String workPoolName,
    Block infrastructure,
    Map<String, @Nullable Object> infraOverrides,
    @Nullable Block storage,
    @Nullable String path,
    String entrypoint,
    @Nullable Map<String, @Nullable Object> schedule,
    @Nullable Boolean isScheduleActive,
    Instant timestamp) {

  DeploymentValues withVersion(String other) {
    return new DeploymentValues(
        name,
        flowName,
        other,
        description,
        tags,
        parameters,
        parameterSchema,
        workQueueName,
        workPoolName,
        infrastructure,
        infraOverrides,
        storage,
        path,
        entrypoint,
        schedule,
        isScheduleActive,
        timestamp);
  }
}
