package dev.sheave.orchestrator.internal.run;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.State;
import dev.sheave.api.StateTransition;
import dev.sheave.api.StateTransition.Status;
import dev.sheave.api.StateType;
import dev.sheave.api.internal.StateJson;
import dev.sheave.internal.Json;
import dev.sheave.orchestrator.internal.database.Row;
import dev.sheave.orchestrator.internal.database.RowWriter;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * A table of the states that runs have been in.
 *
 * @param table its name
 * @param run the column with the id of the run
 * @param what names the kind of run in messages
 */
record StateTable(String table, String run, String what) {
  static final StateTable OF_FLOW_RUNS =
      new StateTable("flow_run_state", "flow_run_id", "flow run");
  static final StateTable OF_TASK_RUNS =
      new StateTable("task_run_state", "task_run_id", "task run");

  /** A state's columns, of the table {@code s}, named so that they stand beside a run's. */
  static final String COLUMNS =
      "s.id as s_id, s.type as s_type, s.name as s_name, s.timestamp as s_timestamp,"
          + " s.message as s_message, s.data as s_data, s.details as s_details";

  /**
   * What a recorded state answers.
   *
   * @param proposalId the proposed state in whose place it was recorded
   * @param refusal why that wasn't recorded
   */
  record Replaced(UUID proposalId, String refusal) {}

  /**
   * A state to record.
   *
   * @param replaced what it is recorded in place of; null for nothing
   */
  record NewState(UUID runId, State state, @Nullable Replaced replaced) {}

  /** Records a state that was accepted. */
  void insert(Handle handle, UUID runId, State state) {
    insert(handle, List.of(new NewState(runId, state, null)));
  }

  /** Records states. */
  void insert(Handle handle, List<NewState> states) {
    RowWriter.insert(handle, table, states.stream().map(this::columns).toList());
  }

  private Map<String, @Nullable Object> columns(NewState entered) {
    State state = entered.state();
    Replaced replaced = entered.replaced();
    Map<String, @Nullable Object> row = new LinkedHashMap<>();
    row.put("id", state.id());
    row.put(run, entered.runId());
    row.put("type", state.type().name());
    row.put("name", state.name());
    row.put("timestamp", state.timestamp());
    row.put("message", state.message());
    row.put("data", state.data() == null ? null : Json.write(state.data()));
    row.put("details", Json.write(StateJson.DETAILS.toJson(state.stateDetails())));
    row.put("proposal_id", replaced == null ? null : replaced.proposalId());
    row.put("refusal", replaced == null ? null : replaced.refusal());
    return row;
  }

  /**
   * Returns the answer that a proposed state of a run got before, if it led to a state.
   *
   * @throws SheaveException {@code INVALID} if another run was proposed it
   */
  Optional<StateTransition> answer(Handle handle, UUID runId, UUID proposalId) {
    return handle
        .createQuery(
            "select "
                + COLUMNS
                + ", s.refusal, s."
                + run
                + " as run_id from "
                + table
                + " s where s.id = :id or s.proposal_id = :id"
                + " order by case when s.id = :id then 0 else 1 end limit 1")
        .bind("id", proposalId)
        .map(
            (columns, context) -> {
              Row row = new Row(columns);
              if (!row.id("run_id").equals(runId)) {
                throw new SheaveException(
                    Code.INVALID,
                    "The state with the id "
                        + proposalId
                        + " is one of another "
                        + what
                        + "; propose a new state.");
              }
              String refusal = row.textOrNull("refusal");
              boolean isAccepted = row.id("s_id").equals(proposalId);
              return isAccepted
                  ? StateTransition.accepted(state(columns))
                  : new StateTransition(state(columns), Status.REJECT, refusal, null, true);
            })
        .findFirst();
  }

  List<State> list(Handle handle, UUID runId) {
    return handle
        .createQuery(
            "select "
                + COLUMNS
                + " from "
                + table
                + " s where s."
                + run
                + " = :run order by s.sequence")
        .bind("run", runId)
        .map((row, context) -> state(row))
        .list();
  }

  State read(Handle handle, UUID id) {
    return handle
        .createQuery("select " + COLUMNS + " from " + table + " s where s.id = :id")
        .bind("id", id)
        .map((row, context) -> state(row))
        .findFirst()
        .orElseThrow(
            () ->
                new SheaveException(
                    Code.NOT_FOUND,
                    "The state of a " + what + " with the id " + id + " doesn't exist."));
  }

  static State state(ResultSet columns) throws SQLException {
    Row row = new Row(columns);
    String data = row.textOrNull("s_data");
    return new State(
        row.id("s_id"),
        StateType.valueOf(row.text("s_type")),
        row.text("s_name"),
        row.time("s_timestamp"),
        row.textOrNull("s_message"),
        data == null ? null : Json.parse(data, "The data of a state"),
        StateJson.DETAILS.fromJson(row.object("s_details")));
  }
}
