package dev.sheave.api;

import dev.sheave.SheaveException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * Task runs and their states.
 *
 * <p>An unknown id throws {@link SheaveException.Code#NOT_FOUND}. Safe for use by several threads.
 */
public interface TaskRunApi {

  /**
   * Creates a task run, or returns the one of its flow run that has its keys.
   *
   * @throws SheaveException {@code NOT_FOUND} if its flow run doesn't exist
   */
  Created<TaskRunRecord> findOrCreateTaskRun(NewTaskRun run);

  /** Reads a task run. */
  TaskRunRecord readTaskRun(UUID id);

  /** Renames a task run. */
  void renameTaskRun(UUID id, String name);

  /** Deletes a task run with its states. */
  void deleteTaskRun(UUID id);

  /** Lists task runs. */
  List<TaskRunRecord> listTaskRuns(RecordFilter filter, TaskRunSort sort, Page page);

  /** Counts task runs. */
  int countTaskRuns(RecordFilter filter);

  /** Counts task runs by time, see {@link FlowRunApi#flowRunHistory}. */
  List<HistoryInterval> taskRunHistory(
      RecordFilter filter, Instant start, Instant end, Duration interval);

  /**
   * Proposes a state for a task run. The orchestrator's rules decide; {@code force} skips them. A
   * task run enters Running only if its flow run is Running and the concurrency limits of its tags
   * leave room. If its proposed state has a cache key under which a result is cached, it is
   * Completed instead.
   *
   * @return the outcome; a rejection is a result, not an exception
   */
  StateTransition setTaskRunState(UUID id, State state, boolean force);

  /** Lists the states a task run has been in, oldest first. */
  List<State> listTaskRunStates(UUID id);

  /** Reads a state that a task run is or was in. */
  State readTaskRunState(UUID stateId);

  /** The order in which task runs are listed. Runs without a time come last. */
  enum TaskRunSort {
    /** By id, the last first. */
    ID_DESC,
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
}
