package dev.sheave.api;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A recorded run of a task: a part of a flow run.
 *
 * @param id its id
 * @param created when it was created
 * @param updated when it was last changed
 * @param name its name
 * @param flowRunId the flow run it is part of
 * @param taskKey names the task
 * @param dynamicKey tells runs of one task in one flow run apart
 * @param cacheKey the key under which its result is cached, if any
 * @param cacheExpiration until when that is valid; null for ever
 * @param taskVersion the version of its code
 * @param retries how often a failed run is tried again, and how long it waits
 * @param tags its tags
 * @param taskInputs where its inputs come from, by parameter; as the client wrote it
 * @param runCount how often it entered Running
 * @param flowRunRunCount the attempt of the flow run in which it last entered Running
 * @param expectedStartTime when it was due
 * @param nextScheduledStartTime when it is due, while it waits
 * @param startTime when it first entered Running
 * @param endTime when it ended
 * @param totalRunTime how long it has been in Running
 * @param state the state it is in
 */
public record TaskRunRecord(
    UUID id,
    Instant created,
    Instant updated,
    String name,
    UUID flowRunId,
    String taskKey,
    String dynamicKey,
    @Nullable String cacheKey,
    @Nullable Instant cacheExpiration,
    @Nullable String taskVersion,
    TaskRetryPolicy retries,
    List<String> tags,
    Map<String, @Nullable Object> taskInputs,
    int runCount,
    int flowRunRunCount,
    @Nullable Instant expectedStartTime,
    @Nullable Instant nextScheduledStartTime,
    @Nullable Instant startTime,
    @Nullable Instant endTime,
    Duration totalRunTime,
    State state) {

  /** Starts a builder. */
  public static Builder builder(
      UUID id, String name, UUID flowRunId, String taskKey, String dynamicKey, State state) {
    return new Builder(id, name, flowRunId, taskKey, dynamicKey, state);
  }

  /** Returns how long it has been in Running, up to a time. */
  public Duration estimatedRunTime(Instant now) {
    return RunEstimate.runTime(totalRunTime, state, now);
  }

  /**
   * Returns how much later than it was due it has started; how late it is at a time if it hasn't
   * started.
   */
  public Duration estimatedStartTimeDelta(Instant now) {
    return RunEstimate.startTimeDelta(expectedStartTime, startTime, state, now);
  }

  /** Returns a builder with these values. */
  public Builder toBuilder() {
    return new Builder(id, name, flowRunId, taskKey, dynamicKey, state)
        .created(created)
        .updated(updated)
        .cacheKey(cacheKey)
        .cacheExpiration(cacheExpiration)
        .taskVersion(taskVersion)
        .retries(retries)
        .tags(tags)
        .taskInputs(taskInputs)
        .runCount(runCount)
        .flowRunRunCount(flowRunRunCount)
        .expectedStartTime(expectedStartTime)
        .nextScheduledStartTime(nextScheduledStartTime)
        .startTime(startTime)
        .endTime(endTime)
        .totalRunTime(totalRunTime);
  }

  /** Builds a task run record. Not safe for use by several threads. */
  public static final class Builder {
    private UUID id;
    private String name;
    private UUID flowRunId;
    private String taskKey;
    private String dynamicKey;
    private State state;
    private Instant created = Instant.EPOCH;
    private Instant updated = Instant.EPOCH;
    private @Nullable String cacheKey;
    private @Nullable Instant cacheExpiration;
    private @Nullable String taskVersion;
    private TaskRetryPolicy retries = TaskRetryPolicy.NONE;
    private List<String> tags = List.of();
    private Map<String, @Nullable Object> taskInputs = Map.of();
    private int runCount;
    private int flowRunRunCount;
    private @Nullable Instant expectedStartTime;
    private @Nullable Instant nextScheduledStartTime;
    private @Nullable Instant startTime;
    private @Nullable Instant endTime;
    private Duration totalRunTime = Duration.ZERO;

    private Builder(
        UUID id, String name, UUID flowRunId, String taskKey, String dynamicKey, State state) {
      this.id = id;
      this.name = name;
      this.flowRunId = flowRunId;
      this.taskKey = taskKey;
      this.dynamicKey = dynamicKey;
      this.state = state;
    }

    /** Sets its id. */
    public Builder id(UUID value) {
      id = value;
      return this;
    }

    /** Sets when it was created. */
    public Builder created(Instant value) {
      created = value;
      return this;
    }

    /** Sets when it was last changed. */
    public Builder updated(Instant value) {
      updated = value;
      return this;
    }

    /** Sets its name. */
    public Builder name(String value) {
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

    /** Sets how often it entered Running. */
    public Builder runCount(int value) {
      runCount = value;
      return this;
    }

    /** Sets the attempt of the flow run in which it last entered Running. */
    public Builder flowRunRunCount(int value) {
      flowRunRunCount = value;
      return this;
    }

    /** Sets when it was due. */
    public Builder expectedStartTime(@Nullable Instant value) {
      expectedStartTime = value;
      return this;
    }

    /** Sets when it is due, while it waits. */
    public Builder nextScheduledStartTime(@Nullable Instant value) {
      nextScheduledStartTime = value;
      return this;
    }

    /** Sets when it first entered Running. */
    public Builder startTime(@Nullable Instant value) {
      startTime = value;
      return this;
    }

    /** Sets when it ended. */
    public Builder endTime(@Nullable Instant value) {
      endTime = value;
      return this;
    }

    /** Sets how long it has been in Running. */
    public Builder totalRunTime(Duration value) {
      totalRunTime = value;
      return this;
    }

    /** Sets the state it is in. */
    public Builder state(State value) {
      state = value;
      return this;
    }

    /** Builds it. */
    public TaskRunRecord build() {
      return new TaskRunRecord(
          id,
          created,
          updated,
          name,
          flowRunId,
          taskKey,
          dynamicKey,
          cacheKey,
          cacheExpiration,
          taskVersion,
          retries,
          tags,
          taskInputs,
          runCount,
          flowRunRunCount,
          expectedStartTime,
          nextScheduledStartTime,
          startTime,
          endTime,
          totalRunTime,
          state);
    }
  }
}
