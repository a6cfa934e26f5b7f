package dev.sheave.orchestrator.internal.run;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.HistoryInterval;
import dev.sheave.api.Page;
import dev.sheave.api.RecordFilter;
import dev.sheave.api.State;
import dev.sheave.api.TaskRunApi.TaskRunSort;
import dev.sheave.api.TaskRunRecord;
import dev.sheave.api.internal.TaskRunJson;
import dev.sheave.internal.Json;
import dev.sheave.orchestrator.internal.database.MissingRecord;
import dev.sheave.orchestrator.internal.database.OvertakenException;
import dev.sheave.orchestrator.internal.database.Row;
import dev.sheave.orchestrator.internal.database.RowWriter;
import dev.sheave.orchestrator.internal.database.RowWriter.Change;
import dev.sheave.orchestrator.internal.database.StoreClock;
import dev.sheave.orchestrator.internal.query.Listing;
import dev.sheave.orchestrator.internal.query.RecordConditions;
import dev.sheave.orchestrator.internal.query.Where;
import dev.sheave.orchestrator.internal.run.StateTable.NewState;
import dev.sheave.orchestrator.internal.run.StateTable.Replaced;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The table of task runs, and of the results that are cached. */
final class TaskRunTable {
  private static final String RUNS = "task_run t";
  private static final String RUNS_WITH_STATES =
      RUNS + " join task_run_state s on s.id = t.state_id";
  private static final String SELECT =
      "select t.*, " + StateTable.COLUMNS + " from " + RUNS_WITH_STATES;

  private TaskRunTable() {}

  /** Writes a new run; {@code run.state()} is the state it starts in. */
  static void insert(Handle handle, TaskRunRecord run) {
    Map<String, @Nullable Object> row =
        RunProgress.NONE.after(null, run.state()).columns(run.state());
    row.put("id", run.id());
    row.put("created", run.created());
    row.put("updated", run.created());
    row.put("name", run.name());
    row.put("flow_run_id", run.flowRunId());
    row.put("task_key", run.taskKey());
    row.put("dynamic_key", run.dynamicKey());
    row.put("cache_key", run.cacheKey());
    row.put("cache_expiration", run.cacheExpiration());
    row.put("task_version", run.taskVersion());
    row.put("policy", Json.write(TaskRunJson.POLICY.toJson(run.retries())));
    row.put("tags", Json.write(run.tags()));
    row.put("task_inputs", Json.write(run.taskInputs()));
    row.put("flow_run_run_count", run.flowRunRunCount());
    RowWriter.insert(handle, "task_run", List.of(row));
    StateTable.OF_TASK_RUNS.insert(handle, run.id(), run.state());
  }

  /**
   * Records that a run has entered a state.
   *
   * @param run the run as it was seen
   * @param progress its progress in that state
   * @param flowRunRunCount the attempt of its flow run
   * @param replaced the proposed state in whose place it has entered this one; null for this one
   * @throws OvertakenException if the run is in another state by now than it was seen in
   */
  static void enter(
      Handle handle,
      TaskRunRecord run,
      State state,
      RunProgress progress,
      int flowRunRunCount,
      @Nullable Replaced replaced) {
    Map<String, @Nullable Object> row = progress.columns(state);
    row.put("updated", StoreClock.nowAfter(handle, run.updated()));
    row.put("flow_run_run_count", flowRunRunCount);
    RowWriter.update(
        handle, "task_run", List.of(new Change(run.id(), run.state().id(), row, Map.of())));
    StateTable.OF_TASK_RUNS.insert(handle, List.of(new NewState(run.id(), state, replaced)));
  }

  static TaskRunRecord read(Handle handle, UUID id) {
    return handle
        .createQuery(SELECT + " where t.id = :id")
        .bind("id", id)
        .map((row, context) -> record(row))
        .findFirst()
        .orElseThrow(() -> MissingRecord.of("task run", id));
  }

  static Optional<TaskRunRecord> find(
      Handle handle, UUID flowRunId, String taskKey, String dynamicKey) {
    return handle
        .createQuery(
            SELECT
                + " where t.flow_run_id = :flow_run and t.task_key = :task_key"
                + " and t.dynamic_key = :dynamic_key")
        .bind("flow_run", flowRunId)
        .bind("task_key", taskKey)
        .bind("dynamic_key", dynamicKey)
        .map((row, context) -> record(row))
        .findFirst();
  }

  static void rename(Handle handle, UUID id, String name) {
    if (name.isBlank()) {
      throw new SheaveException(Code.INVALID, "The name of a task run must not be empty.");
    }
    handle
        .createUpdate("update task_run set updated = :now, name = :name where id = :id")
        .bind("now", StoreClock.nowAfter(handle, read(handle, id).updated()))
        .bind("name", name)
        .bind("id", id)
        .execute();
  }

  static void delete(Handle handle, UUID id) {
    read(handle, id);
    handle.createUpdate("delete from task_run where id = :id").bind("id", id).execute();
  }

  static List<TaskRunRecord> list(Handle handle, RecordFilter filter, TaskRunSort sort, Page page) {
    Where where = new Where();
    Listing listing = listing(sort);
    String condition = new RecordConditions(where, filter).ofTaskRuns();
    String ids = "select t.id from " + RUNS + listing.end(handle, where, condition, page);
    return where
        .bindTo(handle.createQuery(SELECT + " where t.id in (" + ids + ")" + listing.order()))
        .map((row, context) -> record(row))
        .list();
  }

  private static Listing listing(TaskRunSort sort) {
    return switch (sort) {
      case ID_DESC -> Listing.descending(RUNS, "t", "id");
      case EXPECTED_START_TIME_ASC -> Listing.ascending(RUNS, "t", "expected_start_time");
      case EXPECTED_START_TIME_DESC -> Listing.descending(RUNS, "t", "expected_start_time");
      case NAME_ASC -> Listing.ascending(RUNS, "t", "name");
      case NAME_DESC -> Listing.descending(RUNS, "t", "name");
      case NEXT_SCHEDULED_START_TIME_ASC ->
          Listing.byTime(RUNS, "t", "next_scheduled_start_time", false);
      case END_TIME_DESC -> Listing.byTime(RUNS, "t", "end_time", true);
    };
  }

  static int count(Handle handle, RecordFilter filter) {
    Where where = new Where();
    String condition = new RecordConditions(where, filter).ofTaskRuns();
    return where
        .bindTo(handle.createQuery("select count(*) from " + RUNS + Where.clause(condition)))
        .map((row, context) -> row.getInt(1))
        .one();
  }

  static List<HistoryInterval> history(Handle handle, RecordFilter filter, RunHistory period) {
    Where where = new Where();
    String condition = new RecordConditions(where, filter).ofTaskRuns();
    return period.read(handle, where, RUNS_WITH_STATES, "t", condition);
  }

  /** Finds the newest state that is cached under a key and hasn't expired. */
  static Optional<State> cached(Handle handle, String key, Instant now) {
    return handle
        .createQuery(
            "select "
                + StateTable.COLUMNS
                + " from task_run_cache c join task_run_state s on s.id = c.state_id"
                + " where c.cache_key = :key"
                + " and (c.cache_expiration is null or c.cache_expiration > :now)"
                + " order by c.sequence desc limit 1")
        .bind("key", key)
        .bind("now", now)
        .map((row, context) -> StateTable.state(row))
        .findFirst();
  }

  static void cache(Handle handle, String key, @Nullable Instant expiration, UUID stateId) {
    handle
        .createUpdate(
            "insert into task_run_cache (cache_key, cache_expiration, state_id)"
                + " values (:key, :expiration, :state)")
        .bind("key", key)
        .bind("expiration", expiration)
        .bind("state", stateId)
        .execute();
  }

  private static TaskRunRecord record(ResultSet columns) throws SQLException {
    Row row = new Row(columns);
    return TaskRunRecord.builder(
            row.id("id"),
            row.text("name"),
            row.id("flow_run_id"),
            row.text("task_key"),
            row.text("dynamic_key"),
            StateTable.state(columns))
        .created(row.time("created"))
        .updated(row.time("updated"))
        .cacheKey(row.textOrNull("cache_key"))
        .cacheExpiration(row.timeOrNull("cache_expiration"))
        .taskVersion(row.textOrNull("task_version"))
        .retries(TaskRunJson.POLICY.fromJson(row.object("policy")))
        .tags(row.texts("tags"))
        .taskInputs(row.object("task_inputs"))
        .runCount(row.number("run_count"))
        .flowRunRunCount(row.number("flow_run_run_count"))
        .expectedStartTime(row.timeOrNull("expected_start_time"))
        .nextScheduledStartTime(row.timeOrNull("next_scheduled_start_time"))
        .startTime(row.timeOrNull("start_time"))
        .endTime(row.timeOrNull("end_time"))
        .totalRunTime(row.duration("total_run_time"))
        .build();
  }
}
