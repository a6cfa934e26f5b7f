package dev.sheave.server;

import dev.sheave.api.Created;
import dev.sheave.api.FlowRunApi.FlowRunSort;
import dev.sheave.api.FlowRunApi.LogSort;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.FlowRunRecord.CreatedBy;
import dev.sheave.api.LogFilter;
import dev.sheave.api.NewFlowRun;
import dev.sheave.api.OrchestrationApi;
import dev.sheave.api.State;
import dev.sheave.api.StateTransition;
import dev.sheave.api.StateType;
import dev.sheave.api.internal.FieldWriter;
import dev.sheave.api.internal.FilterJson;
import dev.sheave.api.internal.FlowRunJson;
import dev.sheave.api.internal.StateJson;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Flow runs, their states and their logs. */
final class FlowRunRoutes {
  /** How many runs one history for charts has. */
  static final int MAX_CHART = 1000;

  private static final Set<Integer> FOUND_OR_CREATED = Set.of(Reply.OK, Reply.CREATED);

  private final OrchestrationApi api;

  private FlowRunRoutes(OrchestrationApi api) {
    this.api = api;
  }

  static void add(Routes routes, OrchestrationApi api) {
    FlowRunRoutes runs = new FlowRunRoutes(api);
    routes
        .add(
            "POST",
            "/deployments/{id}/create_flow_run",
            Scope.RUN,
            FOUND_OR_CREATED,
            call -> created(call, api.flowRuns().findOrCreateFlowRun(call.id(), newRun(call))))
        .add("POST", "/flow_runs/", Scope.RUN, FOUND_OR_CREATED, runs::create)
        .add(
            "GET",
            "/flow_runs/{id}",
            Scope.READ,
            Reply.OK,
            call -> Reply.ok(Shapes.flowRun(api.flowRuns().readFlowRun(call.id()))))
        .add(
            "GET",
            "/flow_runs/{id}/wait_reason",
            Scope.READ,
            Reply.OK,
            call -> Reply.reason(api.flowRuns().readWaitReason(call.id())))
        .add("PATCH", "/flow_runs/{id}", Scope.RUN, Reply.NO_CONTENT, runs::update)
        .add("DELETE", "/flow_runs/{id}", Scope.ADMIN, Reply.NO_CONTENT, runs::delete)
        .add("POST", "/flow_runs/filter", Scope.READ, Reply.OK, runs::list)
        .add(
            "POST",
            "/flow_runs/count",
            Scope.READ,
            Reply.OK,
            call -> Reply.ok(api.flowRuns().countFlowRuns(call.filter())))
        .add("POST", "/flow_runs/history", Scope.READ, Reply.OK, runs::history)
        .add("POST", "/ui/flow_runs/history", Scope.READ, Reply.OK, runs::chart)
        .add("POST", "/flow_runs/{id}/set_state", Scope.RUN, FOUND_OR_CREATED, runs::setState)
        .add("POST", "/flow_runs/{id}/resume", Scope.RUN, FOUND_OR_CREATED, runs::resume)
        .add("POST", "/flow_runs/{id}/api_key", Scope.RUN, Reply.CREATED, runs::createKey)
        .add("POST", "/flow_runs/renew_leases", Scope.RUN, Reply.OK, runs::renew)
        .add("POST", "/flow_runs/{id}/report_alive", Scope.RUN, Reply.OK, runs::reportAlive)
        .add("GET", "/flow_run_states/", Scope.READ, Reply.OK, runs::states)
        .add(
            "GET",
            "/flow_run_states/{id}",
            Scope.READ,
            Reply.OK,
            call -> Reply.ok(Shapes.state(api.flowRuns().readFlowRunState(call.id()))))
        .add("POST", "/logs/", Scope.RUN, Reply.CREATED, runs::log)
        .add("POST", "/logs/filter", Scope.READ, Reply.OK, runs::logs);
  }

  private static Reply created(Call call, Created<FlowRunRecord> run) {
    RunKeyRules.checkMade(call.caller(), run.record());
    return Reply.found(run.isNew(), Shapes.flowRun(run.record()));
  }

  private static NewFlowRun newRun(Call call) {
    return newRun(call, call.fields().json());
  }

  private static NewFlowRun newRun(Call call, Map<String, @Nullable Object> json) {
    CreatedBy creator = RunKeyRules.creator(call.caller());
    if (creator == null) {
      return FlowRunJson.NEW_RUN.fromJson(json);
    }
    Map<String, @Nullable Object> made = new LinkedHashMap<>(json);
    made.put("created_by", FlowRunJson.CREATED_BY.toJson(creator));
    return FlowRunJson.NEW_RUN.fromJson(made);
  }

  private Reply create(Call call) {
    Values body = call.fields();
    UUID deployment = body.id("deployment_id");
    if (deployment != null) {
      return created(call, api.flowRuns().findOrCreateFlowRun(deployment, newRun(call)));
    }
    Map<String, @Nullable Object> run = new LinkedHashMap<>(body.json());
    if (run.get("state") == null) {
      // nobody waits for the time of a run that its creator executes
      run.put("state", StateJson.STATE.toJson(State.of(StateType.PENDING)));
    }
    return created(
        call,
        api.flowRuns().findOrCreateFlowRunOfFlow(body.requiredId("flow_id"), newRun(call, run)));
  }

  private Reply update(Call call) {
    api.flowRuns().updateFlowRun(call.id(), call.body(FlowRunJson.UPDATE));
    return Reply.NOTHING;
  }

  private Reply delete(Call call) {
    api.flowRuns().deleteFlowRun(call.id());
    return Reply.NOTHING;
  }

  private Reply list(Call call) {
    FlowRunSort sort = call.fields().constant("sort", FlowRunSort.ID_DESC);
    return Reply.ok(
        call.page(page -> api.flowRuns().listFlowRuns(call.filter(), sort, page)).stream()
            .map(Shapes::flowRun)
            .toList());
  }

  private Reply history(Call call) {
    Values body = call.fields();
    return Reply.ok(
        FilterJson.HISTORY.toJson(
            api.flowRuns()
                .flowRunHistory(
                    call.filter(),
                    body.requiredTime("history_start"),
                    body.requiredTime("history_end"),
                    body.seconds("history_interval_seconds"))));
  }

  /** The points of a chart: much less than the runs. */
  private Reply chart(Call call) {
    Values body = call.fields();
    FlowRunSort sort = body.constant("sort", FlowRunSort.EXPECTED_START_TIME_DESC);
    Instant now = Instant.now();
    return Reply.ok(
        body
            .page(MAX_CHART, page -> api.flowRuns().listFlowRuns(call.filter(), sort, page))
            .stream()
            .map(run -> point(run, now))
            .toList());
  }

  private static Map<String, @Nullable Object> point(FlowRunRecord run, Instant now) {
    Instant start = run.startTime();
    Map<String, @Nullable Object> point = new LinkedHashMap<>();
    point.put("id", run.id().toString());
    point.put("state_type", run.state().type().name());
    point.put("timestamp", FieldWriter.time(start == null ? run.expectedStartTime() : start));
    point.put("duration", FieldWriter.decimal(run.estimatedRunTime(now)));
    point.put("lateness", FieldWriter.decimal(run.estimatedStartTimeDelta(now)));
    return point;
  }

  private Reply setState(Call call) {
    Values body = call.fields();
    return answer(
        api.flowRuns()
            .setFlowRunState(
                call.id(), body.record("state", StateJson.NEW_STATE), body.flag("force", false)));
  }

  /** The status tells whether a state was recorded. */
  static Reply answer(StateTransition transition) {
    return Reply.found(transition.isRecorded(), Shapes.transition(transition));
  }

  private Reply resume(Call call) {
    FlowRunRecord run = api.flowRuns().readFlowRun(call.id());
    if (run.state().type() != StateType.PAUSED) {
      Map<String, @Nullable Object> refusal = new LinkedHashMap<>();
      refusal.put("state", null);
      refusal.put("status", "ABORT");
      refusal.put(
          "details",
          Map.of("type", "abort_details", "reason", "Cannot resume a flow run that isn't paused."));
      return Reply.ok(refusal);
    }
    boolean reschedules =
        Boolean.TRUE.equals(run.state().stateDetails().more().get("pause_reschedule"));
    State next =
        reschedules
            ? State.scheduledAt(Instant.now())
            : State.of(StateType.RUNNING, "Resuming", null);
    return answer(api.flowRuns().setFlowRunState(run.id(), next, false));
  }

  private Reply createKey(Call call) {
    return Reply.created(Map.of("key", api.flowRuns().createRunKey(call.id()).reveal()));
  }

  private Reply renew(Call call) {
    Values body = call.fields();
    return Reply.ok(api.flowRuns().renewLeases(body.requiredText("owner"), body.seconds("lease")));
  }

  private Reply reportAlive(Call call) {
    int attempt = call.fields().number("attempt", 0);
    return Reply.ok(Map.of("is_current", api.flowRuns().reportAlive(call.id(), attempt)));
  }

  private Reply states(Call call) {
    return Reply.ok(
        api.flowRuns().listFlowRunStates(call.queryId("flow_run_id")).stream()
            .map(Shapes::state)
            .toList());
  }

  private Reply log(Call call) {
    api.flowRuns().createLogs(call.bodyList(FlowRunJson.NEW_LOG_LINE));
    return Reply.created(null);
  }

  private Reply logs(Call call) {
    Values body = call.fields();
    LogFilter filter = body.record("logs", FilterJson.LOGS, LogFilter.ALL);
    LogSort sort = body.constant("sort", LogSort.TIMESTAMP_ASC);
    return Reply.ok(
        call.page(page -> api.flowRuns().listLogs(filter, sort, page)).stream()
            .map(Shapes::logLine)
            .toList());
  }
}
