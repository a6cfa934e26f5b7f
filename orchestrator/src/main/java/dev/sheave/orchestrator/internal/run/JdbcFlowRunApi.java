package dev.sheave.orchestrator.internal.run;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.Created;
import dev.sheave.api.DeploymentRecord;
import dev.sheave.api.FlowRunApi;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.HistoryInterval;
import dev.sheave.api.LogFilter;
import dev.sheave.api.NewFlowRun;
import dev.sheave.api.Page;
import dev.sheave.api.RecordFilter;
import dev.sheave.api.RunClaim;
import dev.sheave.api.State;
import dev.sheave.api.StateTransition;
import dev.sheave.api.StateType;
import dev.sheave.block.Secret;
import dev.sheave.orchestrator.internal.database.Database;
import dev.sheave.orchestrator.internal.database.Database.Requests;
import dev.sheave.orchestrator.internal.database.Database.Work;
import dev.sheave.orchestrator.internal.deployment.DeploymentTable;
import dev.sheave.orchestrator.internal.deployment.FlowTable;
import dev.sheave.orchestrator.internal.key.ApiKeyTable;
import dev.sheave.orchestrator.internal.run.FlowRunTransitions.Request;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Flow runs, states and logs over JDBC. Safe for use by several threads. */
public final class JdbcFlowRunApi implements FlowRunApi {
  private final Database database;
  private final Requests<Request, StateTransition> proposals;
  private final Requests<List<NewLogLine>, Boolean> logs;

  /** Keeps the records in a database. */
  public JdbcFlowRunApi(Database database) {
    this.database = database;
    this.proposals = database.grouped(new GroupedProposals());
    this.logs = database.grouped(new GroupedLogs());
  }

  @Override
  public Created<FlowRunRecord> findOrCreateFlowRun(UUID deploymentId, NewFlowRun run) {
    return database.write(
        handle -> {
          DeploymentRecord deployment = DeploymentTable.read(handle, deploymentId);
          return FlowRunTransitions.begin(handle, deployment.spec().flowId(), deployment, run);
        });
  }

  @Override
  public Created<FlowRunRecord> findOrCreateFlowRunOfFlow(UUID flowId, NewFlowRun run) {
    return database.write(
        handle -> FlowRunTransitions.begin(handle, FlowTable.read(handle, flowId).id(), null, run));
  }

  @Override
  public FlowRunRecord readFlowRun(UUID id) {
    return database.readOnce(handle -> FlowRunTable.read(handle, id));
  }

  @Override
  public void updateFlowRun(UUID id, FlowRunUpdate update) {
    Work<Boolean> work =
        handle -> {
          FlowRunTable.update(handle, id, update);
          return true;
        };
    if (update.parameters().equals(FlowRunUpdate.NONE.parameters())) {
      database.writeLocked(work);
    } else {
      database.write(work); // documents that they referred to may go
    }
  }

  @Override
  public void deleteFlowRun(UUID id) {
    database.change(handle -> FlowRunTable.delete(handle, id));
  }

  @Override
  public List<FlowRunRecord> listFlowRuns(RecordFilter filter, FlowRunSort sort, Page page) {
    return database.read(handle -> FlowRunTable.list(handle, filter, sort, page));
  }

  @Override
  public int countFlowRuns(RecordFilter filter) {
    return database.readOnce(handle -> FlowRunTable.count(handle, filter));
  }

  @Override
  public List<HistoryInterval> flowRunHistory(
      RecordFilter filter, Instant start, Instant end, Duration interval) {
    RunHistory period = new RunHistory(start, end, interval);
    return database.read(handle -> FlowRunTable.history(handle, filter, period));
  }

  @Override
  public StateTransition setFlowRunState(UUID id, State state, boolean force) {
    Request request = new Request(id, state, force);
    if (FlowRunTransitions.isOfOneRun(state)) {
      return proposals.submit(request);
    }
    Work<StateTransition> work = handle -> FlowRunTransitions.propose(handle, request);
    return state.type() == StateType.PENDING ? database.claim(work) : database.writeLocked(work);
  }

  @Override
  public int renewLeases(String owner, Duration lease) {
    RunClaim.checkLease(lease);
    return database.write(handle -> FlowRunTable.renewLeases(handle, owner, lease));
  }

  @Override
  public boolean reportAlive(UUID id, int attempt) {
    return database.writeLocked(handle -> FlowRunTable.noteProcess(handle, id, attempt));
  }

  @Override
  public Secret createRunKey(UUID id) {
    return database.write(
        handle -> {
          FlowRunRecord run = FlowRunTable.read(handle, id);
          if (run.state().type().isTerminal()) {
            throw new SheaveException(
                Code.CONFLICT, "The flow run '" + run.name() + "' is over, so it gets no key.");
          }
          return ApiKeyTable.createOfRun(handle, id, run.name()).secret();
        });
  }

  @Override
  public Optional<String> readWaitReason(UUID id) {
    return database.read(handle -> WaitReasons.ofRun(handle, id));
  }

  @Override
  public List<State> listFlowRunStates(UUID id) {
    return database.read(
        handle -> {
          FlowRunTable.checkExists(handle, id);
          return StateTable.OF_FLOW_RUNS.list(handle, id);
        });
  }

  @Override
  public State readFlowRunState(UUID stateId) {
    return database.readOnce(handle -> StateTable.OF_FLOW_RUNS.read(handle, stateId));
  }

  @Override
  public void createLogs(List<NewLogLine> lines) {
    if (!lines.isEmpty()) {
      logs.submit(lines);
    }
  }

  @Override
  public List<LogLine> listLogs(UUID flowRunId, @Nullable UUID after, Page page) {
    return listLogs(
        LogFilter.ofFlowRun(flowRunId),
        LogSort.RECORDED_ASC,
        after == null ? page : new Page(page.limit(), page.offset(), after));
  }

  @Override
  public List<LogLine> listLogs(LogFilter filter, LogSort sort, Page page) {
    return database.read(handle -> LogTable.list(handle, filter, sort, page));
  }
}
