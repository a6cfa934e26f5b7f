package dev.sheave.api;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A task run to be created.
 *
 * @param state the state it starts in, usually pending
 * @param name its name; null for one made of its keys
 * @param flowRunId the flow run it is part of
 * @param taskKey names the task
 * @param dynamicKey tells runs of one task in one flow run apart
 * @param cacheKey the key under which its result is cached, if any
 * @param cacheExpiration until when that is valid; null for ever
 * @param taskVersion the version of its code
 * @param retries how often a failed run is tried again, and how long it waits
 * @param tags its tags
 * @param taskInputs where its inputs come from, by parameter
 */
public record NewTaskRun(
    State state,
    @Nullable String name,
    UUID flowRunId,
    String taskKey,
    String dynamicKey,
    @Nullable String cacheKey,
    @Nullable Instant cacheExpiration,
    @Nullable String taskVersion,
    TaskRetryPolicy retries,
    List<String> tags,
    Map<String, @Nullable Object> taskInputs) {

  /** Starts a builder. */
  public static Builder builder(State state, UUID flowRunId, String taskKey, String dynamicKey) {
    return new Builder(state, flowRunId, taskKey, dynamicKey);
  }

  /** Returns a builder with these values. */
  public Builder toBuilder() {
    return new Builder(state, flowRunId, taskKey, dynamicKey)
        .name(name)
        .cacheKey(cacheKey)
        .cacheExpiration(cacheExpiration)
        .taskVersion(taskVersion)
        .retries(retries)
        .tags(tags)
        .taskInputs(taskInputs);
  }

  /** Builds a new task run. Not safe for use by several threads. */
  public static final class Builder {
    private State state;
    private UUID flowRunId;
    private String taskKey;
    private String dynamicKey;
    private @Nullable String name;
    private @Nullable String cacheKey;
    private @Nullable Instant cacheExpiration;
    private @Nullable String taskVersion;
    private TaskRetryPolicy retries = TaskRetryPolicy.NONE;
    private List<String> tags = List.of();
    private Map<String, @Nullable Object> taskInputs = Map.of();

    private Builder(State state, UUID flowRunId, String taskKey, String dynamicKey) {
      this.state = state;
      this.flowRunId = flowRunId;
      this.taskKey = taskKey;
      this.dynamicKey = dynamicKey;
    }

    /** Sets the state it starts in, usually pending. */
    public Builder state(State value) {
      state = value;
      return this;
    }

    /** Sets its name. */
    public Builder name(@Nullable String value) {
      name = value;
      return this;
    }

    /** Sets the flow run it is part of. */
    public Builder flowRunId(UUID value) {
      flowRunId = value;
      return this;
    }

    /** Sets what names the task. */
    public Builder taskKey(String value) {
      taskKey = value;
      return this;
    }

    /** Sets what tells runs of one task in one flow run apart. */
    public Builder dynamicKey(String value) {
      dynamicKey = value;
      return this;
    }

    /** Sets the key under which its result is cached, if any. */
    public Builder cacheKey(@Nullable String value) {
      cacheKey = value;
      return this;
    }

    /** Sets until when that is valid. */
    public Builder cacheExpiration(@Nullable Instant value) {
      cacheExpiration = value;
      return this;
    }

    /** Sets the version of its code. */
    public Builder taskVersion(@Nullable String value) {
      taskVersion = value;
      return this;
    }

    /** Sets how often a failed run is tried again, and how long it waits. */
    public Builder retries(TaskRetryPolicy value) {
      retries = value;
      return this;
    }

    /** Sets its tags. */
    public Builder tags(List<String> value) {
      tags = value;
      return this;
    }

    /** Sets where its inputs come from, by parameter. */
    public Builder taskInputs(Map<String, @Nullable Object> value) {
      taskInputs = value;
      return this;
    }

    /** Builds it. */
    public NewTaskRun build() {
      return new NewTaskRun(
          state,
          name,
          flowRunId,
          taskKey,
          dynamicKey,
          cacheKey,
          cacheExpiration,
          taskVersion,
          retries,
          tags,
          taskInputs);
    }
  }
}
