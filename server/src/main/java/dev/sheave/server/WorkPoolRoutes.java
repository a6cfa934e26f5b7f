package dev.sheave.server;

import dev.sheave.api.OrchestrationApi;
import dev.sheave.api.Page;
import dev.sheave.api.TimeMatch;
import dev.sheave.api.WorkPoolFilter;
import dev.sheave.api.WorkPoolRecord;
import dev.sheave.api.WorkQueueFilter;
import dev.sheave.api.WorkQueueRecord;
import dev.sheave.api.internal.FilterJson;
import dev.sheave.api.internal.FlowRunJson;
import dev.sheave.api.internal.WorkQueueJson;
import dev.sheave.internal.Json;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Set;

/** Work pools and their queues. */
final class WorkPoolRoutes {
  private final OrchestrationApi api;

  private WorkPoolRoutes(OrchestrationApi api) {
    this.api = api;
  }

  static void add(Routes routes, OrchestrationApi api) {
    WorkPoolRoutes pools = new WorkPoolRoutes(api);
    routes
        .add("POST", "/work_pools/", Scope.ADMIN, Reply.CREATED, pools::create)
        .add("POST", "/work_pools/filter", Scope.READ, Reply.OK, pools::list)
        .add(
            "GET",
            "/work_pools/{name}",
            Scope.READ,
            Reply.OK,
            call -> Reply.ok(WorkQueueJson.POOL.toJson(pools.pool(call.text("name")))))
        .add("PATCH", "/work_pools/{name}", Scope.ADMIN, Reply.NO_CONTENT, pools::update)
        .add("DELETE", "/work_pools/{name}", Scope.ADMIN, Reply.NO_CONTENT, pools::delete)
        .add("POST", "/work_pools/{name}/get_scheduled_flow_runs", Scope.RUN, Reply.OK, pools::runs)
        .add("POST", "/work_pools/{name}/claim_runs", Scope.RUN, Reply.OK, pools::claim)
        .add("POST", "/work_pools/{pool}/queues", Scope.ADMIN, Reply.CREATED, pools::createQueue)
        .add("POST", "/work_pools/{pool}/queues/filter", Scope.READ, Reply.OK, pools::listQueues)
        .add(
            "GET",
            "/work_pools/{pool}/queues/{name}",
            Scope.READ,
            Reply.OK,
            call -> Reply.ok(Shapes.queue(pools.queue(call))))
        .add(
            "PATCH",
            "/work_pools/{pool}/queues/{name}",
            Scope.ADMIN,
            Reply.NO_CONTENT,
            pools::updateQueue)
        .add(
            "DELETE",
            "/work_pools/{pool}/queues/{name}",
            Scope.ADMIN,
            Reply.NO_CONTENT,
            pools::deleteQueue)
        .add(
            "POST",
            "/work_pools/{pool}/workers/heartbeat",
            Scope.RUN,
            Reply.NO_CONTENT,
            pools::recordHeartbeat)
        .add("POST", "/work_pools/{pool}/workers/filter", Scope.READ, Reply.OK, pools::listWorkers);
  }

  private Reply create(Call call) {
    return Reply.created(
        WorkQueueJson.POOL.toJson(
            api.workPools().createWorkPool(call.body(WorkQueueJson.NEW_POOL))));
  }

  private Reply list(Call call) {
    WorkPoolFilter filter =
        call.fields().record("work_pools", FilterJson.WORK_POOLS, WorkPoolFilter.ALL);
    return Reply.ok(
        WorkQueueJson.POOL.toJson(call.page(page -> api.workPools().listWorkPools(filter, page))));
  }

  private WorkPoolRecord pool(String name) {
    return api.workPools()
        .findWorkPool(name)
        .orElseThrow(() -> new RequestException(404, "Work pool \"" + name + "\" not found."));
  }

  private Reply update(Call call) {
    api.workPools().updateWorkPool(call.text("name"), call.body(WorkQueueJson.POOL_UPDATE));
    return Reply.NOTHING;
  }

  private Reply delete(Call call) {
    api.workPools().deleteWorkPool(call.text("name"));
    return Reply.NOTHING;
  }

  private static Set<String> queues(Values body) {
    return new LinkedHashSet<>(body.texts("work_queue_names"));
  }

  private Reply runs(Call call) {
    Values body = call.fields();
    Instant before = body.time("scheduled_before");
    WorkPoolRecord pool = pool(call.text("name"));
    return Reply.ok(
        api
            .workPools()
            .readRunsOfWorkPool(
                pool.name(),
                queues(body),
                body.time("scheduled_after"),
                before == null ? WorkQueueRoutes.ALL_TIMES : before,
                body.limit(Page.MAX_LIMIT))
            .stream()
            .map(
                run ->
                    Json.object(
                        "work_pool_id",
                        pool.id().toString(),
                        "work_queue_id",
                        String.valueOf(run.workQueueId()),
                        "flow_run",
                        Shapes.flowRun(run)))
            .toList());
  }

  private Reply claim(Call call) {
    return Reply.ok(
        api
            .workPools()
            .claimRuns(call.text("name"), queues(call.fields()), call.body(FlowRunJson.CLAIM))
            .stream()
            .map(Shapes::flowRun)
            .toList());
  }

  private Reply createQueue(Call call) {
    return Reply.created(
        Shapes.queue(
            api.workPools()
                .createWorkQueue(call.text("pool"), call.body(WorkQueueJson.NEW_QUEUE))));
  }

  private Reply listQueues(Call call) {
    WorkQueueFilter filter =
        call.fields().record("work_queues", FilterJson.WORK_QUEUES, WorkQueueFilter.ALL);
    return Reply.ok(
        call.page(page -> api.workPools().listWorkQueues(call.text("pool"), filter, page)).stream()
            .map(Shapes::queue)
            .toList());
  }

  private WorkQueueRecord queue(Call call) {
    return api.workPools()
        .findWorkQueue(call.text("pool"), call.text("name"))
        .orElseThrow(() -> new RequestException(404, "Work queue not found."));
  }

  private Reply updateQueue(Call call) {
    api.workQueues().updateWorkQueue(queue(call).id(), call.body(WorkQueueJson.QUEUE_UPDATE));
    return Reply.NOTHING;
  }

  private Reply recordHeartbeat(Call call) {
    api.workPools().recordHeartbeat(call.text("pool"), call.fields().requiredText("name"));
    return Reply.NOTHING;
  }

  private Reply listWorkers(Call call) {
    TimeMatch lastHeartbeat =
        call.fields()
            .values("workers")
            .record("last_heartbeat_time", FilterJson.TIME, TimeMatch.ANY);
    return Reply.ok(
        WorkQueueJson.WORKER.toJson(
            call.page(
                page -> api.workPools().listWorkers(call.text("pool"), lastHeartbeat, page))));
  }

  private Reply deleteQueue(Call call) {
    api.workQueues().deleteWorkQueue(queue(call).id());
    return Reply.NOTHING;
  }
}
