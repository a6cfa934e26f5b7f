package dev.sheave.api;

import dev.sheave.SheaveException;
import dev.sheave.block.Secret;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Flow runs, their states and their logs.
 *
 * <p>An unknown id throws {@link SheaveException.Code#NOT_FOUND}. Safe for use by several threads.
 */
public interface FlowRunApi {
  /** The most intervals that one history has. */
  int MAX_HISTORY_INTERVALS = 10_000;

  /** Creates a run of a deployment, or returns the one that has its idempotency key. */
  Created<FlowRunRecord> findOrCreateFlowRun(UUID deploymentId, NewFlowRun run);

  /** Creates a run of a deployment, or returns the one that has its idempotency key. */
  default FlowRunRecord createFlowRun(UUID deploymentId, NewFlowRun run) {
    return findOrCreateFlowRun(deploymentId, run).record();
  }

  /**
   * Creates a run of a flow without a deployment, or returns the one that has its idempotency key.
   */
  Created<FlowRunRecord> findOrCreateFlowRunOfFlow(UUID flowId, NewFlowRun run);

  /** Creates a run of a flow without a deployment. */
  default FlowRunRecord createFlowRunOfFlow(UUID flowId, NewFlowRun run) {
    return findOrCreateFlowRunOfFlow(flowId, run).record();
  }

  /** Reads a run. */
  FlowRunRecord readFlowRun(UUID id);

  /**
   * Updates a run.
   *
   * @throws SheaveException {@code CONFLICT} if the writer was overtaken, see {@link RunFence}
   */
  void updateFlowRun(UUID id, FlowRunUpdate update);

  /** Deletes a run with its states and logs. */
  void deleteFlowRun(UUID id);

  /** Lists runs. */
  List<FlowRunRecord> listFlowRuns(RecordFilter filter, FlowRunSort sort, Page page);

  /** Lists runs. */
  default List<FlowRunRecord> listFlowRuns(FlowRunFilter filter, FlowRunSort sort, Page page) {
    return listFlowRuns(RecordFilter.of(filter), sort, page);
  }

  /**
   * Lists all runs that match, however many, by id. Of those that begin or cease to match meanwhile
   * some may be missing.
   */
  default List<FlowRunRecord> listAllFlowRuns(FlowRunFilter filter) {
    List<FlowRunRecord> all = new ArrayList<>();
    Page page = Page.FIRST;
    while (true) {
      List<FlowRunRecord> some = listFlowRuns(filter, FlowRunSort.ID_DESC, page);
      all.addAll(some);
      if (some.size() < page.limit()) {
        return all;
      }
      page = page.next();
    }
  }

  /** Counts runs. */
  int countFlowRuns(RecordFilter filter);

  /**
   * Counts the runs that were due in each interval of a period, by the state they are in.
   *
   * @param interval the length of an interval, 1 second or more; at most {@link
   *     #MAX_HISTORY_INTERVALS} of them
   * @throws SheaveException {@code INVALID} for a period or an interval out of bounds
   */
  List<HistoryInterval> flowRunHistory(
      RecordFilter filter, Instant start, Instant end, Duration interval);

  /**
   * Proposes a state for a run. The orchestrator's rules decide; {@code force} skips them. An
   * accepted state is recorded with its own id, and a time of the orchestrator's.
   *
   * <p>If a state was recorded because of a proposal, the same proposal, by its id, gets the same
   * answer, whatever state the run is in by now. So who missed an answer asks again.
   *
   * <p>An accepted transition from scheduled to pending is a claim: only one proposer is accepted,
   * and none if the number of the queue's active runs has reached its limit.
   *
   * <p>A writer that was overtaken, see {@link RunFence}, is answered with ABORT, also if it uses
   * force.
   *
   * @return the outcome; a rejection is a result, not an exception
   * @throws SheaveException {@code INVALID} if the state is one of another run
   */
  StateTransition setFlowRunState(UUID id, State state, boolean force);

  /**
   * Makes an API key with which a run's program uses a server. It ends with the run, and is good
   * for that run, for reading blocks with their secrets, and for the run's child runs. The keys
   * that a run has already stay valid.
   *
   * @return the key, which isn't kept
   * @throws SheaveException {@code CONFLICT} if the run is over; {@code UNSUPPORTED} by a server
   *     without {@link Feature#RUN_KEYS}
   */
  Secret createRunKey(UUID id);

  /**
   * Renews all leases of an owner, those that have ended too unless their runs are another's by
   * now.
   *
   * @param lease how long from now
   * @return how many runs it owns
   */
  int renewLeases(String owner, Duration lease);

  /**
   * Says that the process lives that executes an attempt of a run.
   *
   * @param attempt the attempt that it was started for
   * @return whether it is still the one to execute the run
   */
  boolean reportAlive(UUID id, int attempt);

  /**
   * Tells why a run waits: its queue or pool is paused or full, no agent takes runs from it, all
   * are full, or it isn't due yet.
   *
   * @return a sentence; empty if the run doesn't wait, or is about to be taken
   * @throws SheaveException {@code UNSUPPORTED} by a server without {@link Feature#AGENTS}
   */
  Optional<String> readWaitReason(UUID id);

  /** Lists the states a run has been in, oldest first. */
  List<State> listFlowRunStates(UUID id);

  /** Reads a state that a run is or was in. */
  State readFlowRunState(UUID stateId);

  /** Records log lines in one batch, in the given order. */
  void createLogs(List<NewLogLine> lines);

  /**
   * Lists a run's log lines in the order in which they were recorded, so that a client can follow
   * them.
   *
   * @param after only lines recorded after this one; null for all
   */
  List<LogLine> listLogs(UUID flowRunId, @Nullable UUID after, Page page);

  /**
   * Lists log lines of any runs, or of one in the order in which they were recorded.
   *
   * @throws SheaveException for that order, {@code INVALID} if the filter doesn't name one run, and
   *     {@code NOT_FOUND} if that is gone
   */
  List<LogLine> listLogs(LogFilter filter, LogSort sort, Page page);

  /** The order in which log lines are listed. */
  enum LogSort {
    /** By the time they were written. */
    TIMESTAMP_ASC,
    /** By the time they were written, the latest first. */
    TIMESTAMP_DESC,
    /** In the order in which a run's were recorded; a server that isn't Sheave's refuses it. */
    RECORDED_ASC,
    /** The last recorded of a run first; a server that isn't Sheave's refuses it. */
    RECORDED_DESC
  }

  /** The order in which runs are listed. Runs without a time come last. */
  enum FlowRunSort {
    /** The most recently created first. */
    CREATED_DESC,
    /** By id, the last first. */
    ID_DESC,
    /** The first to start, or to be due, first. */
    START_TIME_ASC,
    /** The last to start, or to be due, first. */
    START_TIME_DESC,
    /** The earliest due first. */
    EXPECTED_START_TIME_ASC,
    /** The latest due first. */
    EXPECTED_START_TIME_DESC,
    /** By name. */
    NAME_ASC,
    /** By name, the last first. */
    NAME_DESC,
    /** The next due first. */
    NEXT_SCHEDULED_START_TIME_ASC,
    /** The last to end first. */
    END_TIME_DESC
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
   * @param fence what the writer holds of the run
   */
  record FlowRunUpdate(
      Change<String> name,
      Change<String> flowVersion,
      Change<String> infrastructurePid,
      Change<FlowRunRecord.RetryPolicy> retries,
      Change<Map<String, @Nullable Object>> parameters,
      Change<List<String>> tags,
      RunFence fence) {
    /** Changes nothing. */
    public static final FlowRunUpdate NONE =
        new FlowRunUpdate(
            Change.keep(),
            Change.keep(),
            Change.keep(),
            Change.keep(),
            Change.keep(),
            Change.keep(),
            RunFence.NONE);

    /** These changes, and its name. */
    public FlowRunUpdate withName(String value) {
      return new FlowRunUpdate(
          Change.to(value), flowVersion, infrastructurePid, retries, parameters, tags, fence);
    }

    /** These changes, and the version of the code that runs. */
    public FlowRunUpdate withFlowVersion(@Nullable String value) {
      return new FlowRunUpdate(
          name, Change.to(value), infrastructurePid, retries, parameters, tags, fence);
    }

    /** These changes, and the infrastructure that executes it. */
    public FlowRunUpdate withInfrastructurePid(@Nullable String value) {
      return new FlowRunUpdate(
          name, flowVersion, Change.to(value), retries, parameters, tags, fence);
    }

    /** These changes, and how often and when it is retried after a failure. */
    public FlowRunUpdate withRetries(FlowRunRecord.RetryPolicy value) {
      return new FlowRunUpdate(
          name, flowVersion, infrastructurePid, Change.to(value), parameters, tags, fence);
    }

    /** These changes, and the values it runs with. */
    public FlowRunUpdate withParameters(Map<String, @Nullable Object> value) {
      return new FlowRunUpdate(
          name, flowVersion, infrastructurePid, retries, Change.to(value), tags, fence);
    }

    /** These changes, and its tags. */
    public FlowRunUpdate withTags(List<String> value) {
      return new FlowRunUpdate(
          name, flowVersion, infrastructurePid, retries, parameters, Change.to(value), fence);
    }

    /** These changes, by a writer that may be overtaken. */
    public FlowRunUpdate with(RunFence value) {
      return new FlowRunUpdate(
          name, flowVersion, infrastructurePid, retries, parameters, tags, value);
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
