package dev.sheave.api;

import dev.sheave.SheaveException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Flow runs, their states and their logs.
 *
 * <p>An unknown id throws {@link SheaveException.Code#NOT_FOUND}. Safe for use by several threads.
 */
public interface FlowRunApi {

  /** Creates a run of a deployment, or returns the one that has its idempotency key. */
  FlowRunRecord createFlowRun(UUID deploymentId, NewFlowRun run);

  /** Creates a run of a flow without a deployment. */
  FlowRunRecord createFlowRunOfFlow(UUID flowId, NewFlowRun run);

  /** Reads a run. */
  FlowRunRecord readFlowRun(UUID id);

  /** Updates a run. */
  void updateFlowRun(UUID id, FlowRunUpdate update);

  /** Deletes a run with its states and logs. */
  void deleteFlowRun(UUID id);

  /** Lists runs. */
  List<FlowRunRecord> listFlowRuns(FlowRunFilter filter, FlowRunSort sort, Page page);

  /**
   * Proposes a state for a run. The orchestrator's rules decide; {@code force} skips them. The
   * state that is recorded gets an id and a time of the orchestrator's own.
   *
   * <p>An accepted transition from scheduled to pending is a claim: only one proposer is accepted,
   * and none if the number of the queue's active runs has reached its limit.
   *
   * @return the outcome; a rejection is a result, not an exception
   */
  StateTransition setFlowRunState(UUID id, State state, boolean force);

  /** Lists the states a run has been in, oldest first. */
  List<State> listFlowRunStates(UUID id);

  /** Records log lines in one batch, in the given order. */
  void createLogs(List<NewLogLine> lines);

  /**
   * Lists a run's log lines in the order in which they were recorded, so that a client can follow
   * them.
   *
   * @param after only lines recorded after this one; null for all
   */
  List<LogLine> listLogs(UUID flowRunId, @Nullable UUID after, Page page);

  /** The order in which runs are listed. */
  enum FlowRunSort {
    /** The most recently created first. */
    CREATED_DESC,
    /** The latest due first. */
    EXPECTED_START_TIME_DESC,
    /** The next due first. */
    NEXT_SCHEDULED_START_TIME_ASC
  }

  /**
   * Changes to a run.
   *
   * @param name its name
   * @param flowVersion the version of the code that runs
   * @param infrastructurePid the identifier of its infrastructure
   * @param retries how often and when it is retried after a failure
   * @param parameters the values it runs with, defaults included
   * @param tags its tags
   */
  record FlowRunUpdate(
      Change<String> name,
      Change<String> flowVersion,
      Change<String> infrastructurePid,
      Change<FlowRunRecord.RetryPolicy> retries,
      Change<Map<String, @Nullable Object>> parameters,
      Change<List<String>> tags) {
    /** Changes nothing. */
    public static final FlowRunUpdate NONE =
        new FlowRunUpdate(
            Change.keep(),
            Change.keep(),
            Change.keep(),
            Change.keep(),
            Change.keep(),
            Change.keep());

    /** These changes, and its name. */
    public FlowRunUpdate withName(String value) {
      return new FlowRunUpdate(
          Change.to(value), flowVersion, infrastructurePid, retries, parameters, tags);
    }

    /** These changes, and the version of the code that runs. */
    public FlowRunUpdate withFlowVersion(@Nullable String value) {
      return new FlowRunUpdate(
          name, Change.to(value), infrastructurePid, retries, parameters, tags);
    }

    /** These changes, and the infrastructure that executes it. */
    public FlowRunUpdate withInfrastructurePid(@Nullable String value) {
      return new FlowRunUpdate(name, flowVersion, Change.to(value), retries, parameters, tags);
    }

    /** These changes, and how often and when it is retried after a failure. */
    public FlowRunUpdate withRetries(FlowRunRecord.RetryPolicy value) {
      return new FlowRunUpdate(
          name, flowVersion, infrastructurePid, Change.to(value), parameters, tags);
    }

    /** These changes, and the values it runs with. */
    public FlowRunUpdate withParameters(Map<String, @Nullable Object> value) {
      return new FlowRunUpdate(
          name, flowVersion, infrastructurePid, retries, Change.to(value), tags);
    }

    /** These changes, and its tags. */
    public FlowRunUpdate withTags(List<String> value) {
      return new FlowRunUpdate(
          name, flowVersion, infrastructurePid, retries, parameters, Change.to(value));
    }
  }

  /**
   * A log line to be recorded.
   *
   * @param flowRunId the run it is of
   * @param name the logger's name
   * @param level its severity, see {@link LogLevel}
   * @param message its message
   * @param timestamp when it was written
   * @param taskRunId the task run that wrote it, if any
   */
  record NewLogLine(
      UUID flowRunId,
      String name,
      int level,
      String message,
      Instant timestamp,
      @Nullable UUID taskRunId) {
    /** A line of the run itself. */
    public NewLogLine(UUID flowRunId, String name, int level, String message, Instant timestamp) {
      this(flowRunId, name, level, message, timestamp, null);
    }
  }

  /**
   * A recorded log line.
   *
   * @param id its id
   * @param line the line
   */
  record LogLine(UUID id, NewLogLine line) {}
}
