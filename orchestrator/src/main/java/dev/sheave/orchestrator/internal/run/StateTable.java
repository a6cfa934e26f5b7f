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
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.SqlStatement;
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

  /** Records a state that was accepted. */
  void insert(Handle handle, UUID runId, State state) {
    insert(handle, runId, state, null);
  }

  /** Records a state, one in place of another if {@code replaced} isn't null. */
  void insert(Handle handle, UUID runId, State state, @Nullable Replaced replaced) {
    bind(handle.createUpdate(insertion()), runId, state, replaced).execute();
  }

  /** Records the states of several runs. */
  void insert(Handle handle, Map<UUID, State> states) {
    PreparedBatch batch = handle.prepareBatch(insertion());
    states.forEach((id, state) -> bind(batch, id, state, null).add());
    batch.execute();
  }

  private String insertion() {
    return "insert into "
        + table
        + " (id, "
        + run
        + ", type, name, timestamp, message, data, details, proposal_id, refusal)"
        + " values (:id, :run, :type, :name, :timestamp, :message, :data, :details,"
        + " :proposal, :refusal)";
  }

  private static <S extends SqlStatement<S>> S bind(
      S statement, UUID runId, State state, @Nullable Replaced replaced) {
    return statement
        .bind("id", state.id())
        .bind("run", runId)
        .bind("type", state.type().name())
        .bind("name", state.name())
        .bind("timestamp", state.timestamp())
        .bind("message", state.message())
        .bind("data", state.data() == null ? null : Json.write(state.data()))
        .bind("details", Json.write(StateJson.DETAILS.toJson(state.stateDetails())))
        .bind("proposal", replaced == null ? null : replaced.proposalId())
        .bind("refusal", replaced == null ? null : replaced.refusal());
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
