package dev.sheave.api;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The values of a deployment, in the protocol's terms.
 *
 * @param name its name, unique within its flow
 * @param flowId its flow
 * @param version the version of the code
 * @param description its description
 * @param tags its tags
 * @param parameters values that runs start with, by parameter name; JSON values
 * @param parameterSchema the JSON schema of the flow's parameters
 * @param workQueueName the queue its runs wait in
 * @param workPoolName the pool of that queue; null for the default one
 * @param storageDocumentId the block its code is in; null for code that lies at {@code path} where
 *     the run executes
 * @param infrastructureDocumentId the block that says where runs execute
 * @param infraOverrides overrides of the infrastructure block, by dotted key
 * @param path where in the storage the code is
 * @param entrypoint which flow it is, relative to {@code path}
 * @param schedule when runs are created by themselves; null for never
 * @param isScheduleActive whether the schedule is followed; null to leave it as it is (new: true)
 */
public record DeploymentSpec(
    String name,
    UUID flowId,
    @Nullable String version,
    @Nullable String description,
    List<String> tags,
    Map<String, @Nullable Object> parameters,
    Map<String, @Nullable Object> parameterSchema,
    @Nullable String workQueueName,
    @Nullable String workPoolName,
    @Nullable UUID storageDocumentId,
    @Nullable UUID infrastructureDocumentId,
    Map<String, @Nullable Object> infraOverrides,
    @Nullable String path,
    @Nullable String entrypoint,
    @Nullable Schedule schedule,
    @Nullable Boolean isScheduleActive) {

  /** Starts a builder. */
  public static Builder builder(String name, UUID flowId) {
    return new Builder(name, flowId);
  }

  /** Returns a builder with these values. */
  public Builder toBuilder() {
    return new Builder(name, flowId)
        .version(version)
        .description(description)
        .tags(tags)
        .parameters(parameters)
        .parameterSchema(parameterSchema)
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

  /** Builds a deployment spec. Not safe for use by several threads. */
  public static final class Builder {
    private String name;
    private UUID flowId;
    private @Nullable String version;
    private @Nullable String description;
    private List<String> tags = List.of();
    private Map<String, @Nullable Object> parameters = Map.of();
    private Map<String, @Nullable Object> parameterSchema = Map.of();
    private @Nullable String workQueueName;
    private @Nullable String workPoolName;
    private @Nullable UUID storageDocumentId;
    private @Nullable UUID infrastructureDocumentId;
    private Map<String, @Nullable Object> infraOverrides = Map.of();
    private @Nullable String path;
    private @Nullable String entrypoint;
    private @Nullable Schedule schedule;
    private @Nullable Boolean isScheduleActive;

    private Builder(String name, UUID flowId) {
      this.name = name;
      this.flowId = flowId;
    }

    /** Sets its name, unique within its flow. */
    public Builder name(String value) {
      name = value;
      return this;
    }

    /** Sets its flow. */
    public Builder flowId(UUID value) {
      flowId = value;
      return this;
    }

    /** Sets the version of the code. */
    public Builder version(@Nullable String value) {
      version = value;
      return this;
    }

    /** Sets its description. */
    public Builder description(@Nullable String value) {
      description = value;
      return this;
    }

    /** Sets its tags. */
    public Builder tags(List<String> value) {
      tags = value;
      return this;
    }

    /** Sets values that runs start with, by parameter name. */
    public Builder parameters(Map<String, @Nullable Object> value) {
      parameters = value;
      return this;
    }

    /** Sets the JSON schema of the flow's parameters. */
    public Builder parameterSchema(Map<String, @Nullable Object> value) {
      parameterSchema = value;
      return this;
    }

    /** Sets the queue its runs wait in. */
    public Builder workQueueName(@Nullable String value) {
      workQueueName = value;
      return this;
    }

    /** Sets the pool of that queue. */
    public Builder workPoolName(@Nullable String value) {
      workPoolName = value;
      return this;
    }

    /** Sets the block its code is in. */
    public Builder storageDocumentId(@Nullable UUID value) {
      storageDocumentId = value;
      return this;
    }

    /** Sets the block that says where runs execute. */
    public Builder infrastructureDocumentId(@Nullable UUID value) {
      infrastructureDocumentId = value;
      return this;
    }

    /** Sets overrides of the infrastructure block, by dotted key. */
    public Builder infraOverrides(Map<String, @Nullable Object> value) {
      infraOverrides = value;
      return this;
    }

    /** Sets where in the storage the code is. */
    public Builder path(@Nullable String value) {
      path = value;
      return this;
    }

    /** Sets which flow it is, relative to {@code path}. */
    public Builder entrypoint(@Nullable String value) {
      entrypoint = value;
      return this;
    }

    /** Sets when runs are created by themselves. */
    public Builder schedule(@Nullable Schedule value) {
      schedule = value;
      return this;
    }

    /** Sets whether the schedule is followed. */
    public Builder isScheduleActive(@Nullable Boolean value) {
      isScheduleActive = value;
      return this;
    }

    /** Builds it. */
    public DeploymentSpec build() {
      return new DeploymentSpec(
          name,
          flowId,
          version,
          description,
          tags,
          parameters,
          parameterSchema,
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
