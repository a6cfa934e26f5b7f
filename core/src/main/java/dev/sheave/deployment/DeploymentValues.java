package dev.sheave.deployment;

import dev.sheave.api.Schedule;
import dev.sheave.block.Block;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The values of a deployment; see the accessors of {@link Deployment}.
 *
 * @param name its name
 * @param flowName its flow's name
 * @param version the version of the code
 * @param description its description
 * @param tags its tags
 * @param parameters values that runs start with
 * @param parameterSchema the JSON schema of the flow's parameters
 * @param workQueueName the queue its runs wait in
 * @param workPoolName the pool of that queue
 * @param infrastructure where runs execute
 * @param infraOverrides overrides of the infrastructure
 * @param storage where the code is
 * @param path where in the storage the code is
 * @param entrypoint which flow it is
 * @param schedule when runs are created by themselves
 * @param keepsSchedule whether the schedule of the registered deployment stays, in place of this
 *     one
 * @param isScheduleActive whether the schedule is followed
 * @param timestamp when this was built or read
 */
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
    @Nullable Schedule schedule,
    boolean keepsSchedule,
    @Nullable Boolean isScheduleActive,
    Instant timestamp) {

  /** Starts a builder. */
  static Builder builder(String name, String flowName, Block infrastructure, String entrypoint) {
    return new Builder(name, flowName, infrastructure, entrypoint);
  }

  /** Returns a builder with these values. */
  Builder toBuilder() {
    return new Builder(name, flowName, infrastructure, entrypoint)
        .version(version)
        .description(description)
        .tags(tags)
        .parameters(parameters)
        .parameterSchema(parameterSchema)
        .workQueueName(workQueueName)
        .workPoolName(workPoolName)
        .infraOverrides(infraOverrides)
        .storage(storage)
        .path(path)
        .schedule(schedule)
        .keepsSchedule(keepsSchedule)
        .isScheduleActive(isScheduleActive)
        .timestamp(timestamp);
  }

  /** Builds a deployment values. Not safe for use by several threads. */
  static final class Builder {
    private String name;
    private String flowName;
    private Block infrastructure;
    private String entrypoint;
    private @Nullable String version;
    private @Nullable String description;
    private List<String> tags = List.of();
    private Map<String, @Nullable Object> parameters = Map.of();
    private Map<String, @Nullable Object> parameterSchema = Map.of();
    private String workQueueName = Deployment.DEFAULT_WORK_QUEUE;
    private @Nullable String workPoolName;
    private Map<String, @Nullable Object> infraOverrides = Map.of();
    private @Nullable Block storage;
    private @Nullable String path;
    private @Nullable Schedule schedule;
    private boolean keepsSchedule;
    private @Nullable Boolean isScheduleActive;
    private Instant timestamp = Instant.EPOCH;

    private Builder(String name, String flowName, Block infrastructure, String entrypoint) {
      this.name = name;
      this.flowName = flowName;
      this.infrastructure = infrastructure;
      this.entrypoint = entrypoint;
    }

    /** Sets its name. */
    Builder name(String value) {
      name = value;
      return this;
    }

    /** Sets its flow's name. */
    Builder flowName(String value) {
      flowName = value;
      return this;
    }

    /** Sets the version of the code. */
    Builder version(@Nullable String value) {
      version = value;
      return this;
    }

    /** Sets its description. */
    Builder description(@Nullable String value) {
      description = value;
      return this;
    }

    /** Sets its tags. */
    Builder tags(List<String> value) {
      tags = value;
      return this;
    }

    /** Sets values that runs start with. */
    Builder parameters(Map<String, @Nullable Object> value) {
      parameters = value;
      return this;
    }

    /** Sets the JSON schema of the flow's parameters. */
    Builder parameterSchema(Map<String, @Nullable Object> value) {
      parameterSchema = value;
      return this;
    }

    /** Sets the queue its runs wait in. */
    Builder workQueueName(String value) {
      workQueueName = value;
      return this;
    }

    /** Sets the pool of that queue. */
    Builder workPoolName(@Nullable String value) {
      workPoolName = value;
      return this;
    }

    /** Sets where runs execute. */
    Builder infrastructure(Block value) {
      infrastructure = value;
      return this;
    }

    /** Sets overrides of the infrastructure. */
    Builder infraOverrides(Map<String, @Nullable Object> value) {
      infraOverrides = value;
      return this;
    }

    /** Sets where the code is. */
    Builder storage(@Nullable Block value) {
      storage = value;
      return this;
    }

    /** Sets where in the storage the code is. */
    Builder path(@Nullable String value) {
      path = value;
      return this;
    }

    /** Sets which flow it is. */
    Builder entrypoint(String value) {
      entrypoint = value;
      return this;
    }

    /** Sets when runs are created by themselves. */
    Builder schedule(@Nullable Schedule value) {
      schedule = value;
      return this;
    }

    /** Sets whether the schedule of the registered deployment stays. */
    Builder keepsSchedule(boolean value) {
      keepsSchedule = value;
      return this;
    }

    /** Sets whether the schedule is followed. */
    Builder isScheduleActive(@Nullable Boolean value) {
      isScheduleActive = value;
      return this;
    }

    /** Sets when this was built or read. */
    Builder timestamp(Instant value) {
      timestamp = value;
      return this;
    }

    /** Builds it. */
    DeploymentValues build() {
      return new DeploymentValues(
          name,
          flowName,
          version,
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
          keepsSchedule,
          isScheduleActive,
          timestamp);
    }
  }
}
