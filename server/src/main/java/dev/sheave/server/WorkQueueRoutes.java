package dev.sheave.server;

import dev.sheave.api.OrchestrationApi;
import dev.sheave.api.Page;
import dev.sheave.api.WorkQueueApi;
import dev.sheave.api.WorkQueueFilter;
import dev.sheave.api.internal.FilterJson;
import dev.sheave.api.internal.WorkQueueJson;
import java.time.Instant;

/** Work queues. */
final class WorkQueueRoutes {
  /** Later than any run is due. */
  static final Instant ALL_TIMES = Instant.parse("9999-01-01T00:00:00Z");

  private final OrchestrationApi api;

  private WorkQueueRoutes(OrchestrationApi api) {
    this.api = api;
  }

  static void add(Routes routes, OrchestrationApi api) {
    WorkQueueRoutes queues = new WorkQueueRoutes(api);
    routes
        .add("POST", "/work_queues/", Scope.RUN, Reply.CREATED, queues::create)
        .add("POST", "/work_queues/filter", Scope.READ, Reply.OK, queues::list)
        .add(
            "GET",
            "/work_queues/{id}",
            Scope.READ,
            Reply.OK,
            call -> Reply.ok(Shapes.queue(api.workQueues().readWorkQueue(call.id()))))
        .add(
            "GET",
            "/work_queues/name/{name}",
            Scope.READ,
            Reply.OK,
            call ->
                Reply.ok(
                    Shapes.queue(
                        api.workQueues()
                            .findWorkQueue(call.text("name"))
                            .orElseThrow(() -> new RequestException(404, "work queue not found")))))
        .add(
            "GET",
            "/work_queues/{id}/status",
            Scope.READ,
            Reply.OK,
            call ->
                Reply.ok(
                    WorkQueueJson.STATUS.toJson(api.workQueues().readWorkQueueStatus(call.id()))))
        .add(
            "GET",
            "/work_queues/{id}/wait_reason",
            Scope.READ,
            Reply.OK,
            call -> Reply.reason(api.workQueues().readWaitReason(call.id())))
        .add("PATCH", "/work_queues/{id}", Scope.ADMIN, Reply.NO_CONTENT, queues::update)
        .add("DELETE", "/work_queues/{id}", Scope.ADMIN, Reply.NO_CONTENT, queues::delete)
        .add("POST", "/work_queues/{id}/get_runs", Scope.RUN, Reply.OK, queues::runs);
  }

  private Reply create(Call call) {
    return Reply.created(
        Shapes.queue(
            api.workPools()
                .createWorkQueue(WorkQueueApi.DEFAULT_POOL, call.body(WorkQueueJson.NEW_QUEUE))));
  }

  private Reply list(Call call) {
    WorkQueueFilter filter =
        call.fields().record("work_queues", FilterJson.WORK_QUEUES, WorkQueueFilter.ALL);
    return Reply.ok(
        call.page(page -> api.workQueues().listWorkQueues(filter, page)).stream()
            .map(Shapes::queue)
            .toList());
  }

  private Reply update(Call call) {
    api.workQueues().updateWorkQueue(call.id(), call.body(WorkQueueJson.QUEUE_UPDATE));
    return Reply.NOTHING;
  }

  private Reply delete(Call call) {
    api.workQueues().deleteWorkQueue(call.id());
    return Reply.NOTHING;
  }

  private Reply runs(Call call) {
    Values body = call.fields();
    Instant before = body.time("scheduled_before");
    return Reply.ok(
        api
            .workQueues()
            .readRunsOfWorkQueue(
                call.id(), body.limit(Page.MAX_LIMIT), before == null ? ALL_TIMES : before)
            .stream()
            .map(Shapes::flowRun)
            .toList());
  }
}
