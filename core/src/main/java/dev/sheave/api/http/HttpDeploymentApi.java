package dev.sheave.api.http;

import static dev.sheave.api.http.Call.encoded;
import static dev.sheave.api.http.Call.named;

import dev.sheave.SheaveException.Code;
import dev.sheave.api.Created;
import dev.sheave.api.DeploymentApi;
import dev.sheave.api.DeploymentRecord;
import dev.sheave.api.DeploymentSpec;
import dev.sheave.api.DeploymentUpdate;
import dev.sheave.api.Feature;
import dev.sheave.api.FlowRecord;
import dev.sheave.api.Page;
import dev.sheave.api.RecordFilter;
import dev.sheave.api.Schedule;
import dev.sheave.api.internal.DeploymentJson;
import dev.sheave.api.internal.FieldWriter;
import dev.sheave.api.internal.FilterJson;
import dev.sheave.internal.Json;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Flows and deployments of a server. */
final class HttpDeploymentApi implements DeploymentApi {
  private final ServerConnection server;
  private final ServerFeatures features;
  private final RecordNames flows;

  HttpDeploymentApi(ServerConnection server, ServerFeatures features, RecordNames flows) {
    this.server = server;
    this.features = features;
    this.flows = flows;
  }

  private static String flow(UUID id) {
    return "/flows/" + id;
  }

  private static String deployment(UUID id) {
    return "/deployments/" + id;
  }

  @Override
  public Created<FlowRecord> findOrCreateFlow(String name, List<String> tags) {
    Answer answer =
        server.send(
            Call.create("/flows/", Json.object("name", name, "tags", tags)).repeatable(true));
    return new Created<>(answer.record(DeploymentJson.FLOW), answer.isNew());
  }

  @Override
  public FlowRecord readFlow(UUID id) {
    return server.send(Call.get(flow(id), named("flow", id))).record(DeploymentJson.FLOW);
  }

  @Override
  public Optional<FlowRecord> findFlow(String name) {
    return server
        .find(Call.get("/flows/name/" + encoded(name), named("flow", name)))
        .map(answer -> answer.record(DeploymentJson.FLOW));
  }

  @Override
  public void updateFlow(UUID id, List<String> tags) {
    server.send(Call.patch(flow(id), Json.object("tags", tags), named("flow", id)));
  }

  @Override
  public void deleteFlow(UUID id) {
    server.send(Call.delete(flow(id), named("flow", id)));
  }

  @Override
  public List<FlowRecord> listFlows(RecordFilter filter, FlowSort sort, Page page) {
    Map<String, @Nullable Object> body = features.page(sort, page);
    body.putAll(FilterJson.RECORDS.toJson(filter));
    return server.send(Call.query("/flows/filter", body)).records(DeploymentJson.FLOW);
  }

  @Override
  public int countFlows(RecordFilter filter) {
    return server.send(Call.query("/flows/count", FilterJson.RECORDS.toJson(filter))).number();
  }

  @Override
  public Applied applyDeployment(DeploymentSpec spec) {
    Map<String, @Nullable Object> body = DeploymentJson.SPEC.toJson(spec);
    if (spec.isScheduleActive() == null) {
      body.remove("is_schedule_active"); // which the reference doesn't take for null
    }
    Answer answer =
        server.send(
            Call.create("/deployments/", body)
                .repeatable(true)
                .about("What the deployment '" + spec.name() + "' refers to")
                .conflicting(Code.CONFLICT)
                .integrity(Code.NOT_FOUND));
    return new Applied(flows.in(answer).record(DeploymentJson.DEPLOYMENT), answer.isNew());
  }

  @Override
  public DeploymentRecord readDeployment(UUID id) {
    return flows
        .in(server.send(Call.get(deployment(id), named("deployment", id))))
        .record(DeploymentJson.DEPLOYMENT);
  }

  @Override
  public void updateDeployment(UUID id, DeploymentUpdate update) {
    server.send(
        Call.patch(deployment(id), DeploymentJson.UPDATE.toJson(update), named("deployment", id)));
  }

  @Override
  public Optional<DeploymentRecord> findDeployment(String flowName, String name) {
    return server
        .find(
            Call.get(
                "/deployments/name/" + encoded(flowName) + "/" + encoded(name),
                named("deployment", flowName + "/" + name)))
        .map(answer -> flows.in(answer).record(DeploymentJson.DEPLOYMENT));
  }

  @Override
  public List<DeploymentRecord> listDeployments(
      RecordFilter filter, DeploymentSort sort, Page page) {
    Map<String, @Nullable Object> body = features.page(sort, page);
    body.putAll(FilterJson.RECORDS.toJson(filter));
    return flows
        .in(server.send(Call.query("/deployments/filter", body)))
        .records(DeploymentJson.DEPLOYMENT);
  }

  @Override
  public int countDeployments(RecordFilter filter) {
    return server
        .send(Call.query("/deployments/count", FilterJson.RECORDS.toJson(filter)))
        .number();
  }

  @Override
  public void deleteDeployment(UUID id) {
    server.send(Call.delete(deployment(id), named("deployment", id)));
  }

  @Override
  public void scheduleRuns(UUID id, SchedulePeriod period) {
    server.send(
        Call.create(deployment(id) + "/schedule", DeploymentJson.PERIOD.toJson(period))
            .repeatable(true)
            .about(named("deployment", id)));
  }

  @Override
  public List<Instant> previewSchedule(Schedule schedule, Instant after, int count) {
    features.require(Feature.SCHEDULE_PREVIEW, "times of schedules");
    Map<String, @Nullable Object> body = new HashMap<>();
    body.put("schedule", DeploymentJson.SCHEDULE.toJson(schedule));
    body.put("after", FieldWriter.time(after));
    body.put("limit", count);
    return server.send(Call.query("/sheave/schedule_times", body)).texts().stream()
        .map(text -> OffsetDateTime.parse(text).toInstant())
        .toList();
  }
}
