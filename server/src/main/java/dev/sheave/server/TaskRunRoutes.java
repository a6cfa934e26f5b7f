package dev.sheave.server;

import dev.sheave.api.ConcurrencyLimitRecord;
import dev.sheave.api.Created;
import dev.sheave.api.FieldMatch;
import dev.sheave.api.FlowRunFilter;
import dev.sheave.api.OrchestrationApi;
import dev.sheave.api.RecordFilter;
import dev.sheave.api.TaskRunApi.TaskRunSort;
import dev.sheave.api.TaskRunRecord;
import dev.sheave.api.internal.AllPages;
import dev.sheave.api.internal.FieldWriter;
import dev.sheave.api.internal.FilterJson;
import dev.sheave.api.internal.StateJson;
import dev.sheave.api.internal.TaskRunJson;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Task runs, the graph that they form, and their concurrency limits. */
final class TaskRunRoutes {
  private static final Set<Integer> FOUND_OR_CREATED = Set.of(Reply.OK, Reply.CREATED);

  private final OrchestrationApi api;

  private TaskRunRoutes(OrchestrationApi api) {
    this.api = api;
  }

  static void add(Routes routes, OrchestrationApi api) {
    TaskRunRoutes runs = new TaskRunRoutes(api);
    routes
        .add("POST", "/task_runs/", Scope.RUN, FOUND_OR_CREATED, runs::create)
        .add(
            "GET",
            "/task_runs/{id}",
            Scope.READ,
            Reply.OK,
            call -> Reply.ok(Shapes.taskRun(api.taskRuns().readTaskRun(call.id()))))
        .add("PATCH", "/task_runs/{id}", Scope.RUN, Reply.NO_CONTENT, runs::rename)
        .add("DELETE", "/task_runs/{id}", Scope.ADMIN, Reply.NO_CONTENT, runs::delete)
        .add("POST", "/task_runs/filter", Scope.READ, Reply.OK, runs::list)
        .add(
            "POST",
            "/task_runs/count",
            Scope.READ,
            Reply.OK,
            call -> Reply.ok(api.taskRuns().countTaskRuns(call.filter())))
        .add("POST", "/task_runs/history", Scope.READ, Reply.OK, runs::history)
        .add("POST", "/task_runs/{id}/set_state", Scope.RUN, FOUND_OR_CREATED, runs::setState)
        .add("GET", "/task_run_states/", Scope.READ, Reply.OK, runs::states)
        .add(
            "GET",
            "/task_run_states/{id}",
            Scope.READ,
            Reply.OK,
            call -> Reply.ok(Shapes.state(api.taskRuns().readTaskRunState(call.id()))))
        .add("GET", "/flow_runs/{id}/graph", Scope.READ, Reply.OK, runs::graph)
        .add("POST", "/concurrency_limits/", Scope.ADMIN, FOUND_OR_CREATED, runs::setLimit)
        .add("POST", "/concurrency_limits/filter", Scope.READ, Reply.OK, runs::limits)
        .add(
            "GET",
            "/concurrency_limits/{id}",
            Scope.READ,
            Reply.OK,
            call -> limit(api.concurrencyLimits().readConcurrencyLimit(call.id())))
        .add(
            "GET",
            "/concurrency_limits/tag/{tag}",
            Scope.READ,
            Reply.OK,
            call -> limit(runs.limitOf(call.text("tag"))))
        .add(
            "DELETE",
            "/concurrency_limits/{id}",
            Scope.ADMIN,
            Reply.OK,
            call -> runs.deleteLimit(call.id()))
        .add(
            "DELETE",
            "/concurrency_limits/tag/{tag}",
            Scope.ADMIN,
            Reply.OK,
            call -> runs.deleteLimit(runs.limitOf(call.text("tag")).id()))
        .add(
            "POST", "/concurrency_limits/tag/{tag}/reset", Scope.ADMIN, Reply.OK, runs::resetLimit);
  }

  private Reply create(Call call) {
    Created<TaskRunRecord> run = api.taskRuns().findOrCreateTaskRun(call.body(TaskRunJson.NEW_RUN));
    return Reply.found(run.isNew(), Shapes.taskRun(run.record()));
  }

  private Reply rename(Call call) {
    String name = call.fields().text("name");
    if (name != null) {
      api.taskRuns().renameTaskRun(call.id(), name);
    } else {
      api.taskRuns().readTaskRun(call.id());
    }
    return Reply.NOTHING;
  }

  private Reply delete(Call call) {
    api.taskRuns().deleteTaskRun(call.id());
    return Reply.NOTHING;
  }

  private Reply list(Call call) {
    TaskRunSort sort = call.fields().constant("sort", TaskRunSort.ID_DESC);
    return Reply.ok(
        call.page(page -> api.taskRuns().listTaskRuns(call.filter(), sort, page)).stream()
            .map(Shapes::taskRun)
            .toList());
  }

  private Reply history(Call call) {
    Values body = call.fields();
    return Reply.ok(
        FilterJson.HISTORY.toJson(
            api.taskRuns()
                .taskRunHistory(
                    call.filter(),
                    body.requiredTime("history_start"),
                    body.requiredTime("history_end"),
                    body.seconds("history_interval_seconds"))));
  }

  private Reply setState(Call call) {
    Values body = call.fields();
    return FlowRunRoutes.answer(
        api.taskRuns()
            .setTaskRunState(
                call.id(), body.record("state", StateJson.NEW_STATE), body.flag("force", false)));
  }

  private Reply states(Call call) {
    return Reply.ok(
        api.taskRuns().listTaskRunStates(call.queryId("task_run_id")).stream()
            .map(Shapes::state)
            .toList());
  }

  /** The task runs of a flow run, each with those whose results it takes. */
  private Reply graph(Call call) {
    UUID flowRun = api.flowRuns().readFlowRun(call.id()).id();
    RecordFilter filter =
        RecordFilter.of(FlowRunFilter.builder().id(FieldMatch.anyOf(Set.of(flowRun))).build());
    Instant now = Instant.now();
    return Reply.ok(
        AllPages.read(page -> api.taskRuns().listTaskRuns(filter, TaskRunSort.ID_DESC, page))
            .stream()
            .map(run -> node(run, now))
            .toList());
  }

  private static Map<String, @Nullable Object> node(TaskRunRecord run, Instant now) {
    List<Object> upstream =
        run.taskInputs().values().stream()
            .flatMap(inputs -> inputs instanceof List<?> list ? list.stream() : null)
            .filter(
                input -> input instanceof Map<?, ?> map && "task_run".equals(map.get("input_type")))
            .map(Object.class::cast)
            .toList();
    Map<String, @Nullable Object> node = new LinkedHashMap<>();
    node.put("id", run.id().toString());
    node.put("name", run.name());
    node.put("upstream_dependencies", upstream);
    node.put("state", Shapes.state(run.state()));
    node.put("expected_start_time", FieldWriter.time(run.expectedStartTime()));
    node.put("start_time", FieldWriter.time(run.startTime()));
    node.put("end_time", FieldWriter.time(run.endTime()));
    node.put("total_run_time", FieldWriter.decimal(run.totalRunTime()));
    node.put("estimated_run_time", FieldWriter.decimal(run.estimatedRunTime(now)));
    Object untracked = run.state().stateDetails().more().get("untrackable_result");
    node.put("untrackable_result", Boolean.TRUE.equals(untracked));
    return node;
  }

  private static Reply limit(ConcurrencyLimitRecord limit) {
    return Reply.ok(TaskRunJson.CONCURRENCY_LIMIT.toJson(limit));
  }

  private ConcurrencyLimitRecord limitOf(String tag) {
    return api.concurrencyLimits()
        .findConcurrencyLimit(tag)
        .orElseThrow(() -> new RequestException(404, "Concurrency limit not found"));
  }

  private Reply setLimit(Call call) {
    Values body = call.fields();
    Integer number = body.number("concurrency_limit");
    if (number == null) {
      throw Values.missing("body", "concurrency_limit");
    }
    Created<ConcurrencyLimitRecord> limit =
        api.concurrencyLimits().setConcurrencyLimit(body.requiredText("tag"), number);
    return Reply.found(limit.isNew(), TaskRunJson.CONCURRENCY_LIMIT.toJson(limit.record()));
  }

  private Reply limits(Call call) {
    return Reply.ok(
        TaskRunJson.CONCURRENCY_LIMIT.toJson(
            call.page(page -> api.concurrencyLimits().listConcurrencyLimits(page))));
  }

  private Reply deleteLimit(UUID id) {
    api.concurrencyLimits().deleteConcurrencyLimit(id);
    return Reply.ok(null);
  }

  private Reply resetLimit(Call call) {
    api.concurrencyLimits()
        .resetConcurrencyLimit(
            limitOf(call.text("tag")).id(), call.fields().idsOrNull("slot_override"));
    return Reply.ok(null);
  }
}
