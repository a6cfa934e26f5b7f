package dev.sheave.orchestrator.internal.run;

import dev.sheave.api.State;
import dev.sheave.api.StateType;
import dev.sheave.api.internal.StateJson;
import dev.sheave.internal.Json;
import dev.sheave.orchestrator.internal.database.Row;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** The table of the states that runs have been in. */
final class FlowRunStateTable {
  /** A state's columns, of the table {@code s}, named so that they stand beside a run's. */
  static final String COLUMNS =
      "s.id as s_id, s.type as s_type, s.name as s_name, s.timestamp as s_timestamp,"
          + " s.message as s_message, s.data as s_data, s.details as s_details";

  private FlowRunStateTable() {}

  static void insert(Handle handle, UUID flowRunId, State state) {
    handle
        .createUpdate(
            "insert into flow_run_state (id, flow_run_id, type, name, timestamp, message, data,"
                + " details) values (:id, :run, :type, :name, :timestamp, :message, :data,"
                + " :details)")
        .bind("id", state.id())
        .bind("run", flowRunId)
        .bind("type", state.type().name())
        .bind("name", state.name())
        .bind("timestamp", state.timestamp())
        .bind("message", state.message())
        .bind("data", state.data() == null ? null : Json.write(state.data()))
        .bind("details", Json.write(StateJson.DETAILS.toJson(state.stateDetails())))
        .execute();
  }

  static List<State> list(Handle handle, UUID flowRunId) {
    return handle
        .createQuery(
            "select "
                + COLUMNS
                + " from flow_run_state s where s.flow_run_id = :run order by s.sequence")
        .bind("run", flowRunId)
        .map((row, context) -> state(row))
        .list();
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
