package dev.sheave.api.http;

import static dev.sheave.api.http.Call.named;

import dev.sheave.SheaveException.Code;
import dev.sheave.api.Created;
import dev.sheave.api.HistoryInterval;
import dev.sheave.api.NewTaskRun;
import dev.sheave.api.Page;
import dev.sheave.api.RecordFilter;
import dev.sheave.api.State;
import dev.sheave.api.StateTransition;
import dev.sheave.api.TaskRunApi;
import dev.sheave.api.TaskRunRecord;
import dev.sheave.api.internal.FilterJson;
import dev.sheave.api.internal.StateJson;
import dev.sheave.api.internal.TaskRunJson;
import dev.sheave.internal.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Task runs of a server. */
final class HttpTaskRunApi implements TaskRunApi {
  private final ServerConnection server;
  private final ServerFeatures features;

  HttpTaskRunApi(ServerConnection server, ServerFeatures features) {
    this.server = server;
    this.features = features;
  }

  private static String run(UUID id) {
    return "/task_runs/" + id;
  }

  private static String what(UUID id) {
    return named("task run", id);
  }

  @Override
  public Created<TaskRunRecord> findOrCreateTaskRun(NewTaskRun run) {
    Map<String, @Nullable Object> body = TaskRunJson.NEW_RUN.toJson(run);
    if (run.name() == null) {
      // the reference would make one up
      body.put("name", run.taskKey() + "-" + run.dynamicKey());
    }
    Answer answer =
        server.send(
            Call.create("/task_runs/", body)
                .repeatable(true)
                .about(named("flow run", run.flowRunId()))
                .integrity(Code.NOT_FOUND));
    return new Created<>(answer.record(TaskRunJson.RUN), answer.isNew());
  }

  @Override
  public TaskRunRecord readTaskRun(UUID id) {
    return server.send(Call.get(run(id), what(id))).record(TaskRunJson.RUN);
  }

  @Override
  public void renameTaskRun(UUID id, String name) {
    server.send(Call.patch(run(id), Json.object("name", name), what(id)));
  }

  @Override
  public void deleteTaskRun(UUID id) {
    server.send(Call.delete(run(id), what(id)));
  }

  @Override
  public List<TaskRunRecord> listTaskRuns(RecordFilter filter, TaskRunSort sort, Page page) {
    Map<String, @Nullable Object> body = features.page(sort, page);
    body.putAll(HttpFlowRunApi.filter(features, filter));
    return server.send(Call.query("/task_runs/filter", body)).records(TaskRunJson.RUN);
  }

  @Override
  public int countTaskRuns(RecordFilter filter) {
    return server
        .send(Call.query("/task_runs/count", HttpFlowRunApi.filter(features, filter)))
        .number();
  }

  @Override
  public List<HistoryInterval> taskRunHistory(
      RecordFilter filter, Instant start, Instant end, Duration interval) {
    Map<String, @Nullable Object> body = HttpFlowRunApi.filter(features, filter);
    return server
        .send(Call.query("/task_runs/history", ServerFeatures.period(body, start, end, interval)))
        .records(FilterJson.HISTORY);
  }

  @Override
  public StateTransition setTaskRunState(UUID id, State state, boolean force) {
    return HttpFlowRunApi.set(server, run(id), what(id), state, force);
  }

  @Override
  public List<State> listTaskRunStates(UUID id) {
    List<State> states =
        server
            .send(Call.get("/task_run_states/?task_run_id=" + id, what(id)))
            .records(StateJson.STATE);
    if (states.isEmpty()) {
      readTaskRun(id); // says if it doesn't exist
    }
    return states;
  }

  @Override
  public State readTaskRunState(UUID stateId) {
    return server
        .send(Call.get("/task_run_states/" + stateId, named("state", stateId)))
        .record(StateJson.STATE);
  }
}
