package dev.sheave.api;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.internal.Arguments;
import dev.sheave.internal.TypedJson;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A recorded flow run.
 *
 * @param id its id
 * @param created when it was created
 * @param updated when it was last changed
 * @param name its name
 * @param flowId its flow
 * @param flowName the flow's name; empty if the store doesn't say
 * @param deploymentId the deployment it is of, if any
 * @param workQueueId the queue it waits in, if any
 * @param workQueueName that queue's name
 * @param workPoolId that queue's pool
 * @param workPoolName the name of that queue's pool
 * @param flowVersion the version of the code that ran
 * @param parameters the values it runs with; JSON values
 * @param context values of other programs, kept with it; JSON values
 * @param tags its tags
 * @param idempotencyKey the key that made it unique, if one was given
 * @param parentTaskRunId the task run that started it, if any
 * @param runCount how often it entered Running
 * @param retries how often a failed run is tried again, and how long it waits
 * @param infrastructureDocumentId the block that says where it executes
 * @param infrastructurePid the identifier of its infrastructure
 * @param infraOverrides overrides of the infrastructure block for this run only, by dotted key
 * @param autoScheduled whether a schedule created it
 * @param createdBy who or what created it, if that is known
 * @param lease who has claimed it, and until when; null for runs that were claimed without a lease,
 *     aren't claimed, or are over
 * @param expectedStartTime when it was due
 * @param nextScheduledStartTime when it is due, while it waits
 * @param startTime when it first entered Running
 * @param endTime when it ended
 * @param totalRunTime how long it has been in Running
 * @param state the state it is in
 */
public record FlowRunRecord(
    UUID id,
    Instant created,
    Instant updated,
    String name,
    UUID flowId,
    String flowName,
    @Nullable UUID deploymentId,
    @Nullable UUID workQueueId,
    @Nullable String workQueueName,
    @Nullable UUID workPoolId,
    @Nullable String workPoolName,
    @Nullable String flowVersion,
    Map<String, @Nullable Object> parameters,
    Map<String, @Nullable Object> context,
    List<String> tags,
    @Nullable String idempotencyKey,
    @Nullable UUID parentTaskRunId,
    int runCount,
    RetryPolicy retries,
    @Nullable UUID infrastructureDocumentId,
    @Nullable String infrastructurePid,
    Map<String, @Nullable Object> infraOverrides,
    boolean autoScheduled,
    @Nullable CreatedBy createdBy,
    @Nullable RunLease lease,
    @Nullable Instant expectedStartTime,
    @Nullable Instant nextScheduledStartTime,
    @Nullable Instant startTime,
    @Nullable Instant endTime,
    Duration totalRunTime,
    State state) {

  /** Starts a builder. */
  public static Builder builder(UUID id, String name, UUID flowId, State state) {
    return new Builder(id, name, flowId, state);
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
    return new Builder(id, name, flowId, state)
        .created(created)
        .updated(updated)
        .flowName(flowName)
        .deploymentId(deploymentId)
        .workQueueId(workQueueId)
        .workQueueName(workQueueName)
        .workPoolId(workPoolId)
        .workPoolName(workPoolName)
        .flowVersion(flowVersion)
        .parameters(parameters)
        .context(context)
        .tags(tags)
        .idempotencyKey(idempotencyKey)
        .parentTaskRunId(parentTaskRunId)
        .runCount(runCount)
        .retries(retries)
        .infrastructureDocumentId(infrastructureDocumentId)
        .infrastructurePid(infrastructurePid)
        .infraOverrides(infraOverrides)
        .autoScheduled(autoScheduled)
        .createdBy(createdBy)
        .lease(lease)
        .expectedStartTime(expectedStartTime)
        .nextScheduledStartTime(nextScheduledStartTime)
        .startTime(startTime)
        .endTime(endTime)
        .totalRunTime(totalRunTime);
  }

  /** Builds a flow run record. Not safe for use by several threads. */
  public static final class Builder {
    private UUID id;
    private String name;
    private UUID flowId;
    private State state;
    private Instant created = Instant.EPOCH;
    private Instant updated = Instant.EPOCH;
    private String flowName = "";
    private @Nullable UUID deploymentId;
    private @Nullable UUID workQueueId;
    private @Nullable String workQueueName;
    private @Nullable UUID workPoolId;
    private @Nullable String workPoolName;
    private @Nullable String flowVersion;
    private Map<String, @Nullable Object> parameters = Map.of();
    private Map<String, @Nullable Object> context = Map.of();
    private List<String> tags = List.of();
    private @Nullable String idempotencyKey;
    private @Nullable UUID parentTaskRunId;
    private int runCount;
    private RetryPolicy retries = RetryPolicy.NONE;
    private @Nullable UUID infrastructureDocumentId;
    private @Nullable String infrastructurePid;
    private Map<String, @Nullable Object> infraOverrides = Map.of();
    private boolean autoScheduled;
    private @Nullable CreatedBy createdBy;
    private @Nullable RunLease lease;
    private @Nullable Instant expectedStartTime;
    private @Nullable Instant nextScheduledStartTime;
    private @Nullable Instant startTime;
    private @Nullable Instant endTime;
    private Duration totalRunTime = Duration.ZERO;

    private Builder(UUID id, String name, UUID flowId, State state) {
      this.id = id;
      this.name = name;
      this.flowId = flowId;
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

    /** Sets its flow. */
    public Builder flowId(UUID value) {
      flowId = value;
      return this;
    }

    /** Sets the flow's name. */
    public Builder flowName(String value) {
      flowName = value;
      return this;
    }

    /** Sets the deployment it is of, if any. */
    public Builder deploymentId(@Nullable UUID value) {
      deploymentId = value;
      return this;
    }

    /** Sets the queue it waits in, if any. */
    public Builder workQueueId(@Nullable UUID value) {
      workQueueId = value;
      return this;
    }

    /** Sets that queue's name. */
    public Builder workQueueName(@Nullable String value) {
      workQueueName = value;
      return this;
    }

    /** Sets the pool of that queue. */
    public Builder workPoolId(@Nullable UUID value) {
      workPoolId = value;
      return this;
    }

    /** Sets the name of that queue's pool. */
    public Builder workPoolName(@Nullable String value) {
      workPoolName = value;
      return this;
    }

    /** Sets the version of the code that ran. */
    public Builder flowVersion(@Nullable String value) {
      flowVersion = value;
      return this;
    }

    /** Sets the values it runs with. */
    public Builder parameters(Map<String, @Nullable Object> value) {
      parameters = value;
      return this;
    }

    /** Sets values of other programs, kept with it. */
    public Builder context(Map<String, @Nullable Object> value) {
      context = value;
      return this;
    }

    /** Sets its tags. */
    public Builder tags(List<String> value) {
      tags = value;
      return this;
    }

    /** Sets the key that made it unique, if one was given. */
    public Builder idempotencyKey(@Nullable String value) {
      idempotencyKey = value;
      return this;
    }

    /** Sets the task run that started it, if any. */
    public Builder parentTaskRunId(@Nullable UUID value) {
      parentTaskRunId = value;
      return this;
    }

    /** Sets how often it entered Running. */
    public Builder runCount(int value) {
      runCount = value;
      return this;
    }

    /** Sets how often a failed run is tried again, and how long it waits. */
    public Builder retries(RetryPolicy value) {
      retries = value;
      return this;
    }

    /** Sets the block that says where it executes. */
    public Builder infrastructureDocumentId(@Nullable UUID value) {
      infrastructureDocumentId = value;
      return this;
    }

    /** Sets the identifier of its infrastructure. */
    public Builder infrastructurePid(@Nullable String value) {
      infrastructurePid = value;
      return this;
    }

    /** Sets overrides of the infrastructure block for this run only, by dotted key. */
    public Builder infraOverrides(Map<String, @Nullable Object> value) {
      infraOverrides = value;
      return this;
    }

    /** Sets whether a schedule created it. */
    public Builder autoScheduled(boolean value) {
      autoScheduled = value;
      return this;
    }

    /** Sets who or what created it, if that is known. */
    public Builder createdBy(@Nullable CreatedBy value) {
      createdBy = value;
      return this;
    }

    /** Sets who has claimed it, and until when. */
    public Builder lease(@Nullable RunLease value) {
      lease = value;
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
    public FlowRunRecord build() {
      return new FlowRunRecord(
          id,
          created,
          updated,
          name,
          flowId,
          flowName,
          deploymentId,
          workQueueId,
          workQueueName,
          workPoolId,
          workPoolName,
          flowVersion,
          parameters,
          context,
          tags,
          idempotencyKey,
          parentTaskRunId,
          runCount,
          retries,
          infrastructureDocumentId,
          infrastructurePid,
          infraOverrides,
          autoScheduled,
          createdBy,
          lease,
          expectedStartTime,
          nextScheduledStartTime,
          startTime,
          endTime,
          totalRunTime,
          state);
    }
  }

  /**
   * Returns what the flow returned, as a value of a type that flows' parameters can be of.
   *
   * @throws SheaveException {@code CONFLICT} unless the run has completed, {@code NOT_FOUND} if its
   *     flow returned nothing, {@code UNSUPPORTED} if the result isn't kept whole, {@code INVALID}
   *     if it is of another type
   */
  @SuppressWarnings("unchecked") // a primitive type's values are of its wrapper
  public <T> T result(Class<T> type) {
    return (T) TypedJson.read(resultJson(type), type, "result");
  }

  /** Returns what the flow returned, as a list; see {@link #result(Class)}. */
  @SuppressWarnings("unchecked") // each was read as one
  public <T> List<T> resultList(Class<T> type) {
    return (List<T>) TypedJson.readList(resultJson(type), type, "result");
  }

  /** Returns what the flow returned, as a map; see {@link #result(Class)}. */
  @SuppressWarnings("unchecked") // each was read as one
  public <T> Map<String, T> resultMap(Class<T> type) {
    return (Map<String, T>) TypedJson.readMap(resultJson(type), type, "result");
  }

  private Object resultJson(Class<?> type) {
    Arguments.notNull(type, "type");
    String message = state.message() == null ? "" : " " + state.message();
    if (state.type() != StateType.COMPLETED) {
      throw new SheaveException(
          Code.CONFLICT,
          "The flow run '" + name + "' has no result, it is " + state.name() + "." + message);
    }
    boolean isKept = state.data() instanceof Map<?, ?> map && map.containsKey("value");
    return state
        .result()
        .orElseThrow(
            () ->
                isKept || state.data() == null
                    ? new SheaveException(
                        Code.NOT_FOUND, "The flow of the run '" + name + "' returned nothing.")
                    : new SheaveException(
                        Code.UNSUPPORTED,
                        "The result of the flow run '"
                            + name
                            + "' isn't there as a whole."
                            + message));
  }

  /**
   * How a failed run is tried again.
   *
   * @param retries how many more times at most
   * @param delay how long it waits before
   * @param more the other fields of the protocol's policy by their wire names, kept as they came;
   *     those that say nothing else are left out
   */
  public record RetryPolicy(int retries, Duration delay, Map<String, @Nullable Object> more) {
    /** The name in {@code more} under which true says that crashed runs are tried again, too. */
    public static final String RETRY_CRASHED = "retry_crashed";

    /** Leaves out of {@code more} what says nothing else. */
    public RetryPolicy {
      more = ProtocolDefaults.without(more, Map.of("pause_keys", List.of(), "resuming", false));
      more = TaskRetryPolicy.withoutOlderNames(more, retries, List.of(delay));
    }

    /** Not at all. */
    public static final RetryPolicy NONE = new RetryPolicy(0, Duration.ZERO);

    /** A policy that says nothing else. */
    public RetryPolicy(int retries, Duration delay) {
      this(retries, delay, Map.of());
    }
  }

  /**
   * Who or what created a record.
   *
   * @param id its id, if it has one
   * @param type its kind, such as {@code DEPLOYMENT}
   * @param displayValue its name
   */
  public record CreatedBy(@Nullable UUID id, @Nullable String type, @Nullable String displayValue) {
    /** The kind of a run that created another one. */
    public static final String FLOW_RUN = "FLOW_RUN";
  }
}
