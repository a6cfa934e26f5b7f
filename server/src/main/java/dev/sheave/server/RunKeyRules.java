package dev.sheave.server;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.DeploymentSpec;
import dev.sheave.api.FieldMatch;
import dev.sheave.api.FlowRunApi.NewLogLine;
import dev.sheave.api.FlowRunFilter;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.FlowRunRecord.CreatedBy;
import dev.sheave.api.LogFilter;
import dev.sheave.api.Operator;
import dev.sheave.api.OrchestrationApi;
import dev.sheave.api.State;
import dev.sheave.api.StateType;
import dev.sheave.api.internal.FilterJson;
import dev.sheave.api.internal.FlowRunJson;
import dev.sheave.api.internal.StateJson;
import dev.sheave.flow.Entrypoint;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a run may do with its own key: what its program needs, and nothing else. Runs that a run
 * executes itself, those that it has made without a deployment, are as its own.
 */
final class RunKeyRules {
  /**
   * What a run may do whose end is recorded: say it again, and what it has not said before, for
   * which it looks up what of its log is there.
   */
  private static final Set<String> AFTER_END =
      Set.of(
          "GET /flow_runs/{id}",
          "POST /flow_runs/{id}/report_alive",
          "POST /flow_runs/{id}/set_state",
          "POST /logs/",
          "POST /logs/filter");

  /** The tag by which a deployment lets its runs save blocks. */
  static final String SAVES_BLOCKS = "saves-blocks";

  private static final Rule ALWAYS = (run, call) -> true;

  private final OrchestrationApi api;
  private final Map<String, Rule> rules = new HashMap<>();

  /** Whether a run may make a call. */
  private interface Rule {
    boolean allows(UUID run, Call call);
  }

  RunKeyRules(OrchestrationApi api) {
    this.api = api;
    for (String route :
        List.of(
            "GET /admin/version",
            "GET /sheave/features",
            "GET /block_types/{id}",
            "POST /block_types/filter",
            "GET /block_types/slug/{slug}",
            "POST /block_schemas/filter",
            "GET /block_schemas/{id}",
            "GET /block_schemas/checksum/{checksum}",
            "GET /block_capabilities/",
            "POST /block_documents/filter",
            "GET /block_documents/{id}",
            "GET /block_types/slug/{slug}/block_documents",
            "GET /block_types/slug/{slug}/block_documents/name/{name}",
            "GET /flows/{id}",
            "GET /flows/name/{name}",
            "GET /deployments/{id}",
            "GET /deployments/name/{flow}/{deployment}",
            "POST /deployments/{id}/create_flow_run",
            "POST /flow_runs/",
            "POST /variables/",
            "POST /variables/filter",
            "POST /variables/count",
            "GET /variables/{id}",
            "GET /variables/name/{name}",
            "PATCH /variables/{id}",
            "PATCH /variables/name/{name}",
            "DELETE /variables/{id}",
            "DELETE /variables/name/{name}")) {
      rules.put(route, ALWAYS);
    }
    for (String route : List.of("POST /block_types/", "POST /block_schemas/")) {
      rules.put(route, (run, call) -> isPython(run) || maySaveBlocks(run, call));
    }
    rules.put("PATCH /block_types/{id}", (run, call) -> isPython(run)); // which changes nothing
    rules.put("POST /flows/", (run, call) -> isPython(run));
    rules.put(
        "POST /block_documents/",
        (run, call) ->
            isPython(run) && call.fields().flag("is_anonymous", false) || maySaveBlocks(run, call));
    rules.put("PATCH /block_documents/{id}", this::maySaveBlocks);
    rules.put("GET /flow_runs/{id}", (run, call) -> mayRead(run, call.id()));
    rules.put("GET /flow_runs/{id}/graph", (run, call) -> mayRead(run, call.id()));
    rules.put("PATCH /flow_runs/{id}", (run, call) -> isOwn(run, call.id()));
    rules.put("POST /flow_runs/{id}/report_alive", (run, call) -> isOwn(run, call.id()));
    rules.put("POST /flow_runs/{id}/resume", (run, call) -> isOwn(run, call.id()));
    rules.put("POST /flow_runs/{id}/set_state", this::maySetState);
    rules.put("POST /flow_runs/filter", (run, call) -> mayRead(run, call.filter().flowRuns()));
    rules.put("POST /flow_runs/count", (run, call) -> mayRead(run, call.filter().flowRuns()));
    rules.put("GET /flow_run_states/", (run, call) -> mayRead(run, call.queryId("flow_run_id")));
    rules.put(
        "GET /flow_run_states/{id}",
        (run, call) ->
            mayRead(run, api.flowRuns().readFlowRunState(call.id()).stateDetails().flowRunId()));
    rules.put("POST /logs/", this::mayLog);
    rules.put("POST /logs/filter", this::mayReadLogs);
    rules.put(
        "POST /task_runs/", (run, call) -> isOwn(run, call.fields().requiredId("flow_run_id")));
    rules.put("GET /task_runs/{id}", (run, call) -> mayRead(run, runOfTask(call.id())));
    rules.put("PATCH /task_runs/{id}", (run, call) -> isOwn(run, runOfTask(call.id())));
    rules.put("POST /task_runs/{id}/set_state", (run, call) -> isOwn(run, runOfTask(call.id())));
    rules.put("POST /task_runs/filter", (run, call) -> mayRead(run, call.filter().flowRuns()));
    rules.put("POST /task_runs/count", (run, call) -> mayRead(run, call.filter().flowRuns()));
    rules.put(
        "GET /task_run_states/",
        (run, call) -> mayRead(run, runOfTask(call.queryId("task_run_id"))));
    rules.put("GET /task_run_states/{id}", this::mayReadTaskState);
    rules.put("POST /artifacts/", this::mayMakeArtifact);
    for (String method : List.of("GET", "PATCH", "DELETE")) {
      rules.put(
          method + " /artifacts/{id}",
          (run, call) -> isOwn(run, api.artifacts().readArtifact(call.id()).flowRunId()));
    }
    rules.put("POST /artifacts/filter", (run, call) -> mayRead(run, call.filter().flowRuns()));
    rules.put("POST /artifacts/count", (run, call) -> mayRead(run, call.filter().flowRuns()));
  }

  /**
   * Checks a call that was made with the key of a run.
   *
   * @throws RequestException if the run mayn't make it
   */
  void check(Route route, Caller caller, Call call) {
    UUID run = caller.run();
    if (run == null || route.scope() == Scope.NONE) {
      return;
    }
    String name = route.method() + " " + route.path();
    Rule rule = rules.get(name);
    if (rule == null) {
      throw Authentication.forbidden(
          "The key of the flow run '"
              + caller.name()
              + "' isn't good for "
              + name
              + ": it is for that run, for reading blocks, and for child runs.");
    }
    if (caller.isRunOver() && !(AFTER_END.contains(name) && isLastWord(name, call))) {
      throw Authentication.forbidden(
          "The flow run '" + caller.name() + "' is over, and its key with it.");
    }
    if (!allows(rule, run, call)) {
      throw Authentication.forbidden(
          "The key of the flow run '"
              + caller.name()
              + "' is for that run and its child runs alone, not for "
              + name
              + " of others.");
    }
  }

  /** What doesn't exist is no run's own. */
  private static boolean allows(Rule rule, UUID run, Call call) {
    try {
      return rule.allows(run, call);
    } catch (SheaveException e) {
      if (e.code() == Code.NOT_FOUND) {
        return false;
      }
      throw e;
    }
  }

  /** Whether a run that is over doesn't begin again by it. */
  private static boolean isLastWord(String route, Call call) {
    return !route.endsWith("/set_state")
        || (proposed(call).isTerminal() && !call.fields().flag("force", false));
  }

  private static State proposed(Call call) {
    return call.fields().record("state", StateJson.NEW_STATE);
  }

  /**
   * Checks the run that a call with the key of a run has made or found.
   *
   * @throws RequestException if it is another's, which has the idempotency key
   */
  static void checkMade(Caller caller, FlowRunRecord made) {
    UUID run = caller.run();
    if (run != null && !isChild(run, made)) {
      throw Authentication.forbidden(
          "Another program has made the flow run of that idempotency key; use another key.");
    }
  }

  /** Says who has made a run, if it is a run. */
  static @Nullable CreatedBy creator(Caller caller) {
    UUID run = caller.run();
    return run == null ? null : new CreatedBy(run, CreatedBy.FLOW_RUN, caller.name());
  }

  private static boolean isChild(UUID run, FlowRunRecord other) {
    CreatedBy creator = other.createdBy();
    return creator != null && CreatedBy.FLOW_RUN.equals(creator.type()) && run.equals(creator.id());
  }

  private boolean mayRead(UUID run, @Nullable UUID other) {
    return other != null && (other.equals(run) || isChild(run, api.flowRuns().readFlowRun(other)));
  }

  private boolean isOwn(UUID run, @Nullable UUID other) {
    if (other == null || other.equals(run)) {
      return other != null;
    }
    FlowRunRecord record = api.flowRuns().readFlowRun(other);
    return isChild(run, record) && record.deploymentId() == null;
  }

  /** Prefect's engine registers its types, saves where results go, and names flows in flows. */
  private boolean isPython(UUID run) {
    return deploymentOf(run)
        .map(DeploymentSpec::entrypoint)
        .filter(Entrypoint::isPython)
        .isPresent();
  }

  private Optional<DeploymentSpec> deploymentOf(UUID run) {
    UUID deployment = api.flowRuns().readFlowRun(run).deploymentId();
    return Optional.ofNullable(deployment).map(id -> api.deployments().readDeployment(id).spec());
  }

  private boolean maySaveBlocks(UUID run, Call call) {
    if (deploymentOf(run).filter(spec -> spec.tags().contains(SAVES_BLOCKS)).isPresent()) {
      return true;
    }
    throw Authentication.forbidden(
        "The key of the flow run '"
            + call.caller().name()
            + "' saves no blocks, since its deployment doesn't have the tag '"
            + SAVES_BLOCKS
            + "'.");
  }

  private boolean maySetState(UUID run, Call call) {
    StateType type = proposed(call).type();
    boolean cancels = type == StateType.CANCELLING || type == StateType.CANCELLED;
    return cancels ? mayRead(run, call.id()) : isOwn(run, call.id());
  }

  private boolean mayRead(UUID run, FlowRunFilter filter) {
    return filter.operator() == Operator.AND && mayReadAll(run, filter.id());
  }

  private boolean mayReadAll(UUID run, FieldMatch<UUID> ids) {
    Set<UUID> asked = ids.anyOf();
    return asked != null
        && ids.operator() == Operator.AND
        && !asked.isEmpty()
        && asked.stream().allMatch(id -> mayRead(run, id));
  }

  private boolean mayLog(UUID run, Call call) {
    return call.bodyList(FlowRunJson.NEW_LOG_LINE).stream()
        .map(NewLogLine::flowRunId)
        .distinct()
        .allMatch(id -> isOwn(run, id));
  }

  private boolean mayReadLogs(UUID run, Call call) {
    LogFilter filter = call.fields().record("logs", FilterJson.LOGS, LogFilter.ALL);
    return filter.operator() == Operator.AND && mayReadAll(run, filter.flowRunId());
  }

  private @Nullable UUID runOfTask(@Nullable UUID taskRun) {
    return taskRun == null ? null : api.taskRuns().readTaskRun(taskRun).flowRunId();
  }

  private boolean mayReadTaskState(UUID run, Call call) {
    State state = api.taskRuns().readTaskRunState(call.id());
    return mayRead(run, runOfTask(state.stateDetails().taskRunId()));
  }

  private boolean mayMakeArtifact(UUID run, Call call) {
    UUID flowRun = call.fields().id("flow_run_id");
    UUID taskRun = call.fields().id("task_run_id");
    return (flowRun != null || taskRun != null)
        && (flowRun == null || isOwn(run, flowRun))
        && (taskRun == null || isOwn(run, runOfTask(taskRun)));
  }
}
