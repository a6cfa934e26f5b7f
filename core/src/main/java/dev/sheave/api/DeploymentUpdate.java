package dev.sheave.api;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Changes to a deployment; what isn't set stays as it is. Its name and flow never change.
 *
 * @param version the version of the code
 * @param description its description
 * @param tags its tags
 * @param parameters values that runs start with
 * @param workQueueName the queue its runs wait in; null for none
 * @param workPoolName the pool of that queue; null for the default one
 * @param storageDocumentId the block its code is in
 * @param infrastructureDocumentId the block that says where runs execute
 * @param infraOverrides overrides of the infrastructure block
 * @param path where in the storage the code is
 * @param entrypoint which flow it is
 * @param schedule when runs are created by themselves; null for never
 * @param isScheduleActive whether the schedule is followed
 */
public record DeploymentUpdate(
    Change<String> version,
    Change<String> description,
    Change<List<String>> tags,
    Change<Map<String, @Nullable Object>> parameters,
    Change<String> workQueueName,
    Change<String> workPoolName,
    Change<UUID> storageDocumentId,
    Change<UUID> infrastructureDocumentId,
    Change<Map<String, @Nullable Object>> infraOverrides,
    Change<String> path,
    Change<String> entrypoint,
    Change<Schedule> schedule,
    Change<Boolean> isScheduleActive) {

  /** Whether the schedule is followed, and nothing else. */
  public static DeploymentUpdate scheduleActive(boolean isActive) {
    return builder().isScheduleActive(Change.to(isActive)).build();
  }

  /** Returns a deployment's values with these changes. */
  public DeploymentSpec applyTo(DeploymentSpec spec) {
    List<String> newTags = tags.applyTo(spec.tags());
    Map<String, @Nullable Object> newParameters = parameters.applyTo(spec.parameters());
    Map<String, @Nullable Object> newOverrides = infraOverrides.applyTo(spec.infraOverrides());
    return spec.toBuilder()
        .version(version.applyTo(spec.version()))
        .description(description.applyTo(spec.description()))
        .tags(newTags == null ? List.of() : newTags)
        .parameters(newParameters == null ? Map.of() : newParameters)
        .workQueueName(workQueueName.applyTo(spec.workQueueName()))
        // a pool alone would stand for its default queue
        .workPoolName(
            workQueueName.isSet() && workQueueName.value() == null && !workPoolName.isSet()
                ? null
                : workPoolName.applyTo(spec.workPoolName()))
        .storageDocumentId(storageDocumentId.applyTo(spec.storageDocumentId()))
        .infrastructureDocumentId(infrastructureDocumentId.applyTo(spec.infrastructureDocumentId()))
        .infraOverrides(newOverrides == null ? Map.of() : newOverrides)
        .path(path.applyTo(spec.path()))
        .entrypoint(entrypoint.applyTo(spec.entrypoint()))
        .schedule(schedule.applyTo(spec.schedule()))
        .isScheduleActive(isScheduleActive.applyTo(spec.isScheduleActive()))
        .build();
  }

  /** Starts a builder. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns a builder with these values. */
  public Builder toBuilder() {
    return new Builder()
        .version(version)
        .description(description)
        .tags(tags)
        .parameters(parameters)
        .workQueueName(workQueueName)
        .workPoolName(workPoolName)
        .storageDocumentId(storageDocumentId)
        .infrastructureDocumentId(infrastructureDocumentId)
        .infraOverrides(infraOverrides)
        .path(path)
        .entrypoint(entrypoint)
        .schedule(schedule)
        .isScheduleActive(isScheduleActive);
  }

  /** Builds a deployment update. Not safe for use by several threads. */
  public static final class Builder {
    private Change<String> version = Change.keep();
    private Change<String> description = Change.keep();
    private Change<List<String>> tags = Change.keep();
    private Change<Map<String, @Nullable Object>> parameters = Change.keep();
    private Change<String> workQueueName = Change.keep();
    private Change<String> workPoolName = Change.keep();
    private Change<UUID> storageDocumentId = Change.keep();
    private Change<UUID> infrastructureDocumentId = Change.keep();
    private Change<Map<String, @Nullable Object>> infraOverrides = Change.keep();
    private Change<String> path = Change.keep();
    private Change<String> entrypoint = Change.keep();
    private Change<Schedule> schedule = Change.keep();
    private Change<Boolean> isScheduleActive = Change.keep();

    private Builder() {}

    /** Sets the version of the code. */
    public Builder version(Change<String> value) {
      version = value;
      return this;
    }

    /** Sets its description. */
    public Builder description(Change<String> value) {
      description = value;
      return this;
    }

    /** Sets its tags. */
    public Builder tags(Change<List<String>> value) {
      tags = value;
      return this;
    }

    /** Sets values that runs start with. */
    public Builder parameters(Change<Map<String, @Nullable Object>> value) {
      parameters = value;
      return this;
    }

    /** Sets the queue its runs wait in. */
    public Builder workQueueName(Change<String> value) {
      workQueueName = value;
      return this;
    }

    /** Sets the pool of that queue. */
    public Builder workPoolName(Change<String> value) {
      workPoolName = value;
      return this;
    }

    /** Sets the block its code is in. */
    public Builder storageDocumentId(Change<UUID> value) {
      storageDocumentId = value;
      return this;
    }

    /** Sets the block that says where runs execute. */
    public Builder infrastructureDocumentId(Change<UUID> value) {
      infrastructureDocumentId = value;
      return this;
    }

    /** Sets overrides of the infrastructure block. */
    public Builder infraOverrides(Change<Map<String, @Nullable Object>> value) {
      infraOverrides = value;
      return this;
    }

    /** Sets where in the storage the code is. */
    public Builder path(Change<String> value) {
      path = value;
      return this;
    }

    /** Sets which flow it is. */
    public Builder entrypoint(Change<String> value) {
      entrypoint = value;
      return this;
    }

    /** Sets when runs are created by themselves. */
    public Builder schedule(Change<Schedule> value) {
      schedule = value;
      return this;
    }

    /** Sets whether the schedule is followed. */
    public Builder isScheduleActive(Change<Boolean> value) {
      isScheduleActive = value;
      return this;
    }

    /** Builds it. */
    public DeploymentUpdate build() {
      return new DeploymentUpdate(
          version,
          description,
          tags,
          parameters,
          workQueueName,
          workPoolName,
          storageDocumentId,
          infrastructureDocumentId,
          infraOverrides,
          path,
          entrypoint,
          schedule,
          isScheduleActive);
    }
  }
}
