package dev.sheave.orchestrator.internal.run;

import dev.sheave.api.DeploymentRecord;
import dev.sheave.api.FlowRunApi;
import dev.sheave.api.FlowRunFilter;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.NewFlowRun;
import dev.sheave.api.Page;
import dev.sheave.api.State;
import dev.sheave.api.StateTransition;
import dev.sheave.orchestrator.internal.database.Database;
import dev.sheave.orchestrator.internal.deployment.DeploymentTable;
import dev.sheave.orchestrator.internal.deployment.FlowTable;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Flow runs, states and logs over JDBC. Safe for use by several threads. */
public final class JdbcFlowRunApi implements FlowRunApi {
  private final Database database;

  /** Keeps the records in a database. */
  public JdbcFlowRunApi(Database database) {
    this.database = database;
  }

  @Override
  public FlowRunRecord createFlowRun(UUID deploymentId, NewFlowRun run) {
    return database.write(
        handle -> {
          DeploymentRecord deployment = DeploymentTable.read(handle, deploymentId);
          return FlowRunTransitions.begin(handle, deployment.spec().flowId(), deployment, run);
        });
  }

  @Override
  public FlowRunRecord createFlowRunOfFlow(UUID flowId, NewFlowRun run) {
    return database.write(
        handle -> FlowRunTransitions.begin(handle, FlowTable.read(handle, flowId).id(), null, run));
  }

  @Override
  public FlowRunRecord readFlowRun(UUID id) {
    return database.read(handle -> FlowRunTable.read(handle, id));
  }

  @Override
  public void updateFlowRun(UUID id, FlowRunUpdate update) {
    database.change(handle -> FlowRunTable.update(handle, id, update));
  }

  @Override
  public void deleteFlowRun(UUID id) {
    database.change(handle -> FlowRunTable.delete(handle, id));
  }

  @Override
  public List<FlowRunRecord> listFlowRuns(FlowRunFilter filter, FlowRunSort sort, Page page) {
    return database.read(handle -> FlowRunTable.list(handle, filter, sort, page));
  }

  @Override
  public StateTransition setFlowRunState(UUID id, State state, boolean force) {
    return database.write(handle -> FlowRunTransitions.propose(handle, id, state, force));
  }

  @Override
  public List<State> listFlowRunStates(UUID id) {
    return database.read(
        handle -> {
          FlowRunTable.checkExists(handle, id);
          return FlowRunStateTable.list(handle, id);
        });
  }

  @Override
  public void createLogs(List<NewLogLine> lines) {
    if (!lines.isEmpty()) {
      database.change(handle -> LogTable.insert(handle, lines));
    }
  }

  @Override
  public List<LogLine> listLogs(UUID flowRunId, @Nullable UUID after, Page page) {
    return database.read(
        handle -> {
          FlowRunTable.checkExists(handle, flowRunId);
          return LogTable.list(handle, flowRunId, after, page);
        });
  }
}
