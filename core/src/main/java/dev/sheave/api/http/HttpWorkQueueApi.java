package dev.sheave.api.http;

import static dev.sheave.api.http.Call.encoded;
import static dev.sheave.api.http.Call.named;

import dev.sheave.SheaveException.Code;
import dev.sheave.api.Feature;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.NewWorkQueue;
import dev.sheave.api.Page;
import dev.sheave.api.WorkQueueApi;
import dev.sheave.api.WorkQueueFilter;
import dev.sheave.api.WorkQueueRecord;
import dev.sheave.api.WorkQueueStatus;
import dev.sheave.api.internal.FieldWriter;
import dev.sheave.api.internal.FilterJson;
import dev.sheave.api.internal.FlowRunJson;
import dev.sheave.api.internal.WorkQueueJson;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Work queues of a server. */
final class HttpWorkQueueApi implements WorkQueueApi {
  private final ServerConnection server;
  private final ServerFeatures features;
  private final RecordNames flows;
  private final RecordNames pools;

  HttpWorkQueueApi(
      ServerConnection server, ServerFeatures features, RecordNames flows, RecordNames pools) {
    this.server = server;
    this.features = features;
    this.flows = flows;
    this.pools = pools;
  }

  private static String queue(UUID id) {
    return "/work_queues/" + id;
  }

  private static String what(UUID id) {
    return named("work queue", id);
  }

  @Override
  public WorkQueueRecord createWorkQueue(
      String name, @Nullable String description, @Nullable Integer concurrencyLimit) {
    NewWorkQueue queue =
        NewWorkQueue.builder(name)
            .description(description)
            .concurrencyLimit(concurrencyLimit)
            .build();
    return pools
        .in(server.send(Call.create("/work_queues/", WorkQueueJson.NEW_QUEUE.toJson(queue))))
        .record(WorkQueueJson.QUEUE);
  }

  @Override
  public WorkQueueRecord readWorkQueue(UUID id) {
    return pools.in(server.send(Call.get(queue(id), what(id)))).record(WorkQueueJson.QUEUE);
  }

  @Override
  public Optional<WorkQueueRecord> findWorkQueue(String name) {
    return server
        .find(Call.get("/work_queues/name/" + encoded(name), named("work queue", name)))
        .map(answer -> pools.in(answer).record(WorkQueueJson.QUEUE));
  }

  @Override
  public List<WorkQueueRecord> listWorkQueues(WorkQueueFilter filter, Page page) {
    Map<String, @Nullable Object> body = features.page(page);
    body.put("work_queues", FilterJson.WORK_QUEUES.toJson(filter));
    return pools
        .in(server.send(Call.query("/work_queues/filter", body)))
        .records(WorkQueueJson.QUEUE);
  }

  @Override
  public WorkQueueStatus readWorkQueueStatus(UUID id) {
    return server.send(Call.get(queue(id) + "/status", what(id))).record(WorkQueueJson.STATUS);
  }

  @Override
  public Optional<String> readWaitReason(UUID id) {
    features.require(Feature.AGENTS, "reasons why runs wait");
    return server.send(Call.get(queue(id) + "/wait_reason", what(id))).reason();
  }

  @Override
  public void updateWorkQueue(UUID id, WorkQueueUpdate update) {
    server.send(
        Call.patch(queue(id), WorkQueueJson.QUEUE_UPDATE.toJson(update), what(id))
            .conflicting(Code.ALREADY_EXISTS)
            .integrity(Code.ALREADY_EXISTS));
  }

  @Override
  public void deleteWorkQueue(UUID id) {
    server.send(Call.delete(queue(id), what(id)));
  }

  @Override
  public List<FlowRunRecord> readRunsOfWorkQueue(UUID id, int limit, Instant scheduledBefore) {
    Map<String, @Nullable Object> body = new LinkedHashMap<>();
    body.put("limit", limit);
    body.put("scheduled_before", FieldWriter.time(scheduledBefore));
    return flows
        .in(server.send(Call.query(queue(id) + "/get_runs", body).about(what(id))))
        .records(FlowRunJson.RUN);
  }
}
