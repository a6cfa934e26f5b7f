package dev.sheave.api.http;

import static dev.sheave.api.http.Call.encoded;
import static dev.sheave.api.http.Call.named;

import dev.sheave.api.Feature;
import dev.sheave.api.FlowRunApi;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.NewWorkPool;
import dev.sheave.api.NewWorkQueue;
import dev.sheave.api.Page;
import dev.sheave.api.RunClaim;
import dev.sheave.api.TimeMatch;
import dev.sheave.api.WorkPoolApi;
import dev.sheave.api.WorkPoolFilter;
import dev.sheave.api.WorkPoolRecord;
import dev.sheave.api.WorkQueueFilter;
import dev.sheave.api.WorkQueueRecord;
import dev.sheave.api.WorkerRecord;
import dev.sheave.api.internal.FieldWriter;
import dev.sheave.api.internal.FilterJson;
import dev.sheave.api.internal.FlowRunJson;
import dev.sheave.api.internal.WorkQueueJson;
import dev.sheave.internal.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Work pools of a server. */
final class HttpWorkPoolApi implements WorkPoolApi {
  private final ServerConnection server;
  private final ServerFeatures features;
  private final RecordNames flows;
  private final RecordNames pools;
  private final FlowRunApi flowRuns;

  HttpWorkPoolApi(
      ServerConnection server,
      ServerFeatures features,
      RecordNames flows,
      RecordNames pools,
      FlowRunApi flowRuns) {
    this.flowRuns = flowRuns;
    this.server = server;
    this.features = features;
    this.flows = flows;
    this.pools = pools;
  }

  private static String pool(String name) {
    return "/work_pools/" + encoded(name);
  }

  private static String what(String name) {
    return named("work pool", name);
  }

  @Override
  public WorkPoolRecord createWorkPool(NewWorkPool pool) {
    return server
        .send(Call.create("/work_pools/", WorkQueueJson.NEW_POOL.toJson(pool)))
        .record(WorkQueueJson.POOL);
  }

  @Override
  public Optional<WorkPoolRecord> findWorkPool(String name) {
    return server
        .find(Call.get(pool(name), what(name)))
        .map(answer -> answer.record(WorkQueueJson.POOL));
  }

  @Override
  public List<WorkPoolRecord> listWorkPools(WorkPoolFilter filter, Page page) {
    Map<String, @Nullable Object> body = features.page(page);
    body.put("work_pools", FilterJson.WORK_POOLS.toJson(filter));
    return server.send(Call.query("/work_pools/filter", body)).records(WorkQueueJson.POOL);
  }

  @Override
  public void updateWorkPool(String name, WorkPoolUpdate update) {
    server.send(Call.patch(pool(name), WorkQueueJson.POOL_UPDATE.toJson(update), what(name)));
  }

  @Override
  public void deleteWorkPool(String name) {
    server.send(Call.delete(pool(name), what(name)));
  }

  @Override
  public WorkQueueRecord createWorkQueue(String pool, NewWorkQueue queue) {
    return pools
        .in(
            server.send(
                Call.create(pool(pool) + "/queues", WorkQueueJson.NEW_QUEUE.toJson(queue))
                    .about(what(pool))))
        .record(WorkQueueJson.QUEUE);
  }

  @Override
  public Optional<WorkQueueRecord> findWorkQueue(String pool, String name) {
    return server
        .find(Call.get(pool(pool) + "/queues/" + encoded(name), named("work queue", name)))
        .map(answer -> pools.in(answer).record(WorkQueueJson.QUEUE));
  }

  @Override
  public List<WorkQueueRecord> listWorkQueues(String pool, WorkQueueFilter filter, Page page) {
    Map<String, @Nullable Object> body = features.page(page);
    body.put("work_queues", FilterJson.WORK_QUEUES.toJson(filter));
    return pools
        .in(server.send(Call.query(pool(pool) + "/queues/filter", body).about(what(pool))))
        .records(WorkQueueJson.QUEUE);
  }

  @Override
  public List<FlowRunRecord> readRunsOfWorkPool(
      String pool,
      Set<String> queues,
      @Nullable Instant scheduledAfter,
      Instant scheduledBefore,
      int limit) {
    Map<String, @Nullable Object> body = new LinkedHashMap<>();
    if (!queues.isEmpty()) {
      body.put("work_queue_names", List.copyOf(queues));
    }
    body.put("scheduled_before", FieldWriter.time(scheduledBefore));
    if (scheduledAfter != null) {
      body.put("scheduled_after", FieldWriter.time(scheduledAfter));
    }
    body.put("limit", limit);
    Answer answer =
        server.send(Call.query(pool(pool) + "/get_scheduled_flow_runs", body).about(what(pool)));
    List<@Nullable Object> runs = new ArrayList<>();
    List<UUID> withoutState = new ArrayList<>();
    for (Object each : answer.list()) {
      Object run = each instanceof Map<?, ?> map ? map.get("flow_run") : null;
      runs.add(run);
      if (run instanceof Map<?, ?> map && map.get("state") == null) {
        withoutState.add(UUID.fromString(String.valueOf(map.get("id"))));
      }
    }
    // the reference leaves the states of these out
    return withoutState.isEmpty()
        ? flows.in(new Answer(answer.server(), answer.status(), runs)).records(FlowRunJson.RUN)
        : withoutState.stream().map(flowRuns::readFlowRun).toList();
  }

  @Override
  public List<FlowRunRecord> claimRuns(String pool, Set<String> queues, RunClaim claim) {
    features.require(Feature.LEASES, "claims to runs");
    Map<String, @Nullable Object> body = FlowRunJson.CLAIM.toJson(claim);
    body.put("work_queue_names", List.copyOf(queues));
    // not repeatable: the runs of a lost answer are the owner's, and found as such
    return flows
        .in(server.send(Call.create(pool(pool) + "/claim_runs", body).about(what(pool))))
        .records(FlowRunJson.RUN);
  }

  @Override
  public void recordHeartbeat(String pool, String worker) {
    server.send(
        Call.create(pool(pool) + "/workers/heartbeat", Json.object("name", worker))
            .repeatable(true)
            .about(what(pool)));
  }

  @Override
  public List<WorkerRecord> listWorkers(String pool, TimeMatch lastHeartbeat, Page page) {
    Map<String, @Nullable Object> body = features.page(page);
    if (!lastHeartbeat.equals(TimeMatch.ANY)) {
      body.put(
          "workers", Json.object("last_heartbeat_time", FilterJson.TIME.toJson(lastHeartbeat)));
    }
    return server
        .send(Call.query(pool(pool) + "/workers/filter", body).about(what(pool)))
        .records(WorkQueueJson.WORKER);
  }
}
