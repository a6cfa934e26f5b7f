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
 * @param flowName the flow's name
 * @param deploymentId the deployment it is of, if any
 * @param workQueueName the queue it waits in, if any
 * @param flowVersion the version of the code that ran
 * @param parameters the values it runs with; JSON values
 * @param tags its tags
 * @param idempotencyKey the key that made it unique, if one was given
 * @param runCount how often it entered Running
 * @param retries how often a failed run is tried again, and how long it waits
 * @param infrastructureDocumentId the block that says where it executes
 * @param infrastructurePid the identifier of its infrastructure
 * @param infraOverrides overrides of the infrastructure block for this run only, by dotted key
 *     block
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
    @Nullable String workQueueName,
    @Nullable String flowVersion,
    Map<String, @Nullable Object> parameters,
    List<String> tags,
    @Nullable String idempotencyKey,
    int runCount,
    RetryPolicy retries,
    @Nullable UUID infrastructureDocumentId,
    @Nullable String infrastructurePid,
    Map<String, @Nullable Object> infraOverrides,
    @Nullable Instant expectedStartTime,
    @Nullable Instant nextScheduledStartTime,
    @Nullable Instant startTime,
    @Nullable Instant endTime,
    Duration totalRunTime,
    State state) {

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
   */
  public record RetryPolicy(int retries, Duration delay) {
    /** Not at all. */
    public static final RetryPolicy NONE = new RetryPolicy(0, Duration.ZERO);
  }
}
