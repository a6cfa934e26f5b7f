package dev.sheave.api.http;

import static dev.sheave.api.http.Call.named;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.Created;
import dev.sheave.api.Feature;
import dev.sheave.api.FieldMatch;
import dev.sheave.api.FlowRunApi;
import dev.sheave.api.FlowRunFilter;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.HistoryInterval;
import dev.sheave.api.LogFilter;
import dev.sheave.api.NewFlowRun;
import dev.sheave.api.Page;
import dev.sheave.api.RecordFilter;
import dev.sheave.api.RunClaim;
import dev.sheave.api.State;
import dev.sheave.api.StateDetails;
import dev.sheave.api.StateTransition;
import dev.sheave.api.TimeMatch;
import dev.sheave.api.internal.FilterJson;
import dev.sheave.api.internal.FlowRunJson;
import dev.sheave.api.internal.StateJson;
import dev.sheave.block.Secret;
import dev.sheave.internal.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Flow runs of a server. */
final class HttpFlowRunApi implements FlowRunApi {
  private static final String FILTER = "/flow_runs/filter";

  /** The order in which Sheave's server records lines; the reference has none such. */
  private static final String RECORDED = "RECORDED_ASC";

  private final ServerConnection server;
  private final ServerFeatures features;
  private final RecordNames flows;

  HttpFlowRunApi(ServerConnection server, ServerFeatures features, RecordNames flows) {
    this.server = server;
    this.features = features;
    this.flows = flows;
  }

  private static String run(UUID id) {
    return "/flow_runs/" + id;
  }

  private static String what(UUID id) {
    return named("flow run", id);
  }

  @Override
  public Created<FlowRunRecord> findOrCreateFlowRun(UUID deploymentId, NewFlowRun run) {
    Map<String, @Nullable Object> body = FlowRunJson.NEW_RUN.toJson(run);
    String version = run.flowVersion();
    boolean isLater = version != null && !features.isSheave();
    if (version == null || isLater) {
      body.remove("flow_version"); // which the reference takes for runs of flows alone
    }
    withoutOwn(body);
    String path = "/deployments/" + deploymentId + "/create_flow_run";
    Created<FlowRunRecord> made =
        create(Call.create(path, body).about(named("deployment", deploymentId)), run);
    if (!isLater || !made.isNew()) {
      return made;
    }
    UUID id = made.record().id();
    updateFlowRun(id, FlowRunUpdate.NONE.withFlowVersion(version));
    return new Created<>(readFlowRun(id), true);
  }

  @Override
  public Created<FlowRunRecord> findOrCreateFlowRunOfFlow(UUID flowId, NewFlowRun run) {
    Map<String, @Nullable Object> body = FlowRunJson.NEW_RUN.toJson(run);
    body.put("flow_id", flowId.toString());
    withoutOwn(body);
    return create(
        Call.create("/flow_runs/", body).about(named("flow", flowId)).integrity(Code.NOT_FOUND),
        run);
  }

  private void withoutOwn(Map<String, @Nullable Object> body) {
    features.beyondReference(body, "infra_overrides", "auto_scheduled", "created_by");
  }

  private Created<FlowRunRecord> create(Call call, NewFlowRun run) {
    Answer answer = server.send(call.repeatable(run.idempotencyKey() != null));
    return new Created<>(flows.in(answer).record(FlowRunJson.RUN), answer.isNew());
  }

  @Override
  public FlowRunRecord readFlowRun(UUID id) {
    return flows.in(server.send(Call.get(run(id), what(id)))).record(FlowRunJson.RUN);
  }

  @Override
  public void updateFlowRun(UUID id, FlowRunUpdate update) {
    server.send(Call.patch(run(id), FlowRunJson.UPDATE.toJson(update), what(id)));
  }

  @Override
  public void deleteFlowRun(UUID id) {
    server.send(Call.delete(run(id), what(id)));
  }

  /** The body of a question about runs that match. */
  static Map<String, @Nullable Object> filter(ServerFeatures features, RecordFilter filter) {
    FlowRunFilter runs = filter.flowRuns();
    if (!runs.leaseOwner().equals(FieldMatch.any()) || !runs.leaseEnd().equals(TimeMatch.ANY)) {
      features.require(Feature.LEASES, "leases of runs");
    }
    return FilterJson.RECORDS.toJson(filter);
  }

  @Override
  public List<FlowRunRecord> listFlowRuns(RecordFilter filter, FlowRunSort sort, Page page) {
    boolean isKnown = sort != FlowRunSort.CREATED_DESC || features.isSheave();
    // the reference has no order by creation; its own client lists runs by the time they are due
    FlowRunSort order = isKnown ? sort : FlowRunSort.EXPECTED_START_TIME_DESC;
    Map<String, @Nullable Object> body = features.page(order, page);
    body.putAll(filter(features, filter));
    return flows.in(server.send(Call.query(FILTER, body))).records(FlowRunJson.RUN);
  }

  @Override
  public int countFlowRuns(RecordFilter filter) {
    return server.send(Call.query("/flow_runs/count", filter(features, filter))).number();
  }

  @Override
  public List<HistoryInterval> flowRunHistory(
      RecordFilter filter, Instant start, Instant end, Duration interval) {
    return server
        .send(
            Call.query(
                "/flow_runs/history",
                ServerFeatures.period(filter(features, filter), start, end, interval)))
        .records(FilterJson.HISTORY);
  }

  @Override
  public StateTransition setFlowRunState(UUID id, State state, boolean force) {
    Object expected = state.stateDetails().more().get(StateDetails.EXPECTED_STATE_ID);
    if (expected != null && !features.isSheave()) {
      State now = readFlowRun(id).state();
      if (!now.id().toString().equals(expected)) {
        return new StateTransition(
            now, StateTransition.Status.ABORT, "The run is in another state by now.", null, false);
      }
    }
    return set(server, run(id), what(id), state, force);
  }

  /** Proposes a state for any run. Sheave's server knows a repeated proposal by its id. */
  static StateTransition set(
      ServerConnection server, String path, String what, State state, boolean force) {
    Answer answer =
        server.send(
            Call.create(
                    path + "/set_state",
                    Json.object("state", StateJson.STATE.toJson(state), "force", force))
                .repeatable(true)
                .about(what));
    Map<String, @Nullable Object> json = new LinkedHashMap<>(answer.object());
    json.putIfAbsent("is_recorded", answer.isNew());
    return new Answer(answer.server(), answer.status(), json).record(StateJson.TRANSITION);
  }

  @Override
  public int renewLeases(String owner, Duration lease) {
    RunClaim.checkLease(lease);
    features.require(Feature.LEASES, "leases of runs");
    return server
        .send(
            Call.query(
                "/flow_runs/renew_leases",
                Json.object("owner", owner, "lease", lease.toNanos() / 1e9)))
        .number();
  }

  @Override
  public boolean reportAlive(UUID id, int attempt) {
    features.require(Feature.LEASES, "leases of runs");
    Object answer =
        server
            .send(
                Call.query(run(id) + "/report_alive", Json.object("attempt", attempt))
                    .about(what(id)))
            .object()
            .get("is_current");
    return Boolean.TRUE.equals(answer);
  }

  @Override
  public Secret createRunKey(UUID id) {
    features.require(Feature.RUN_KEYS, "API keys of runs");
    Answer answer =
        server.send(
            Call.create(run(id) + "/api_key", Json.object()).about(what(id)).repeatable(true));
    return Secret.of(String.valueOf(answer.object().get("key")));
  }

  @Override
  public Optional<String> readWaitReason(UUID id) {
    features.require(Feature.AGENTS, "reasons why runs wait");
    return server.send(Call.get(run(id) + "/wait_reason", what(id))).reason();
  }

  @Override
  public List<State> listFlowRunStates(UUID id) {
    List<State> states =
        server
            .send(Call.get("/flow_run_states/?flow_run_id=" + id, what(id)))
            .records(StateJson.STATE);
    if (states.isEmpty()) {
      readFlowRun(id); // says if it doesn't exist
    }
    return states;
  }

  @Override
  public State readFlowRunState(UUID stateId) {
    return server
        .send(Call.get("/flow_run_states/" + stateId, named("state", stateId)))
        .record(StateJson.STATE);
  }

  @Override
  public void createLogs(List<NewLogLine> lines) {
    if (!lines.isEmpty()) {
      server.send(
          Call.create("/logs/", FlowRunJson.NEW_LOG_LINE.toJson(lines))
              .about("The flow run of the log lines"));
    }
  }

  @Override
  public List<LogLine> listLogs(UUID flowRunId, @Nullable UUID after, Page page) {
    LogFilter ofRun = LogFilter.builder().flowRunId(FieldMatch.anyOf(Set.of(flowRunId))).build();
    if (!features.isSheave()) {
      return listLogsByTime(flowRunId, ofRun, after, page);
    }
    Map<String, @Nullable Object> body =
        features.page(after == null ? page : new Page(page.limit(), page.offset(), after));
    body.put("sort", RECORDED);
    body.put("logs", FilterJson.LOGS.toJson(ofRun));
    return logs(body);
  }

  /**
   * The reference lists lines by the time they were written alone, so those that come late are
   * missed by who follows them.
   */
  private List<LogLine> listLogsByTime(UUID run, LogFilter ofRun, @Nullable UUID after, Page page) {
    if (after == null) {
      List<LogLine> lines = listLogs(ofRun, LogSort.TIMESTAMP_ASC, page);
      if (lines.isEmpty()) {
        readFlowRun(run); // says if it doesn't exist
      }
      return lines;
    }
    List<LogLine> following = new ArrayList<>();
    boolean isAfter = false;
    int skipped = page.offset();
    Page part = Page.FIRST;
    List<LogLine> some;
    do {
      some = listLogs(ofRun, LogSort.TIMESTAMP_ASC, part);
      for (LogLine line : some) {
        if (isAfter && skipped-- <= 0 && following.size() < page.limit()) {
          following.add(line);
        }
        isAfter |= line.id().equals(after);
      }
      part = part.next();
    } while (some.size() == part.limit() && following.size() < page.limit());
    if (!isAfter) {
      throw new SheaveException(
          Code.NOT_FOUND,
          "The log line '"
              + after
              + "' that the page follows isn't one of the flow run '"
              + run
              + "'.");
    }
    return List.copyOf(following);
  }

  @Override
  public List<LogLine> listLogs(LogFilter filter, LogSort sort, Page page) {
    Map<String, @Nullable Object> body = features.page(sort, page);
    body.put("logs", FilterJson.LOGS.toJson(filter));
    return logs(body);
  }

  private List<LogLine> logs(Map<String, @Nullable Object> body) {
    return server.send(Call.query("/logs/filter", body)).records(FlowRunJson.LOG_LINE);
  }
}
