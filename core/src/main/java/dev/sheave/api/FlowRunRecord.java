package dev.sheave.api;

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
