package dev.sheave.orchestrator.internal.run;

import dev.sheave.api.Created;
import dev.sheave.api.HistoryInterval;
import dev.sheave.api.NewTaskRun;
import dev.sheave.api.Page;
import dev.sheave.api.RecordFilter;
import dev.sheave.api.State;
import dev.sheave.api.StateTransition;
import dev.sheave.api.TaskRunApi;
import dev.sheave.api.TaskRunRecord;
import dev.sheave.orchestrator.internal.database.Database;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** Task runs over JDBC. Safe for use by several threads. */
public final class JdbcTaskRunApi implements TaskRunApi {
  private final Database database;

  /** Keeps the records in a database. */
  public JdbcTaskRunApi(Database database) {
    this.database = database;
  }

  @Override
  public Created<TaskRunRecord> findOrCreateTaskRun(NewTaskRun run) {
    return database.write(handle -> TaskRunTransitions.begin(handle, run));
  }

  @Override
  public TaskRunRecord readTaskRun(UUID id) {
    return database.read(handle -> TaskRunTable.read(handle, id));
  }

  @Override
  public void renameTaskRun(UUID id, String name) {
    database.change(handle -> TaskRunTable.rename(handle, id, name));
  }

  @Override
  public void deleteTaskRun(UUID id) {
    database.change(handle -> TaskRunTable.delete(handle, id));
  }

  @Override
  public List<TaskRunRecord> listTaskRuns(RecordFilter filter, TaskRunSort sort, Page page) {
    return database.read(handle -> TaskRunTable.list(handle, filter, sort, page));
  }

  @Override
  public int countTaskRuns(RecordFilter filter) {
    return database.read(handle -> TaskRunTable.count(handle, filter));
  }

  @Override
  public List<HistoryInterval> taskRunHistory(
      RecordFilter filter, Instant start, Instant end, Duration interval) {
    RunHistory period = new RunHistory(start, end, interval);
    return database.read(handle -> TaskRunTable.history(handle, filter, period));
  }

  @Override
  public StateTransition setTaskRunState(UUID id, State state, boolean force) {
    return database.write(handle -> TaskRunTransitions.propose(handle, id, state, force));
  }

  @Override
  public List<State> listTaskRunStates(UUID id) {
    return database.read(
        handle -> {
          TaskRunTable.read(handle, id);
          return StateTable.OF_TASK_RUNS.list(handle, id);
        });
  }

  @Override
  public State readTaskRunState(UUID stateId) {
    return database.read(handle -> StateTable.OF_TASK_RUNS.read(handle, stateId));
  }
}
