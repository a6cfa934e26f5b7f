package dev.sheave.server;

import dev.sheave.api.Change;
import dev.sheave.api.Created;
import dev.sheave.api.DeploymentApi.Applied;
import dev.sheave.api.DeploymentApi.DeploymentSort;
import dev.sheave.api.DeploymentApi.FlowSort;
import dev.sheave.api.DeploymentRecord;
import dev.sheave.api.DeploymentUpdate;
import dev.sheave.api.FlowRecord;
import dev.sheave.api.OrchestrationApi;
import dev.sheave.api.Page;
import dev.sheave.api.WorkQueueRecord;
import dev.sheave.api.internal.DeploymentJson;
import dev.sheave.api.internal.FieldWriter;
import java.util.List;
import java.util.Set;

/** Flows and deployments. */
final class DeploymentRoutes {
  private static final Set<Integer> FOUND_OR_CREATED = Set.of(Reply.OK, Reply.CREATED);

  private final OrchestrationApi api;

  private DeploymentRoutes(OrchestrationApi api) {
    this.api = api;
  }

  static void add(Routes routes, OrchestrationApi api) {
    DeploymentRoutes own = new DeploymentRoutes(api);
    routes
        .add("POST", "/flows/", Scope.RUN, FOUND_OR_CREATED, own::createFlow)
        .add("POST", "/flows/filter", Scope.READ, Reply.OK, own::listFlows)
        .add(
            "POST",
            "/flows/count",
            Scope.READ,
            Reply.OK,
            call -> Reply.ok(api.deployments().countFlows(call.filter())))
        .add(
            "GET",
            "/flows/{id}",
            Scope.READ,
            Reply.OK,
            call -> flow(api.deployments().readFlow(call.id())))
        .add(
            "GET",
            "/flows/name/{name}",
            Scope.READ,
            Reply.OK,
            call ->
                flow(
                    api.deployments()
                        .findFlow(call.text("name"))
                        .orElseThrow(() -> new RequestException(404, "Flow not found"))))
        .add("PATCH", "/flows/{id}", Scope.RUN, Reply.NO_CONTENT, own::updateFlow)
        .add("DELETE", "/flows/{id}", Scope.ADMIN, Reply.NO_CONTENT, own::deleteFlow)
        .add("POST", "/deployments/", Scope.ADMIN, FOUND_OR_CREATED, own::apply)
        .add("POST", "/sheave/schedule_times", Scope.READ, Reply.OK, own::scheduleTimes)
        .add("POST", "/deployments/filter", Scope.READ, Reply.OK, own::list)
        .add(
            "POST",
            "/deployments/count",
            Scope.READ,
            Reply.OK,
            call -> Reply.ok(api.deployments().countDeployments(call.filter())))
        .add(
            "GET",
            "/deployments/{id}",
            Scope.READ,
            Reply.OK,
            call -> Reply.ok(Shapes.deployment(api.deployments().readDeployment(call.id()))))
        .add("GET", "/deployments/name/{flow}/{deployment}", Scope.READ, Reply.OK, own::find)
        .add("PATCH", "/deployments/{id}", Scope.ADMIN, Reply.NO_CONTENT, own::update)
        .add("DELETE", "/deployments/{id}", Scope.ADMIN, Reply.NO_CONTENT, own::delete)
        .add(
            "POST",
            "/deployments/{id}/set_schedule_active",
            Scope.ADMIN,
            Reply.OK,
            call -> own.setScheduleActive(call, true))
        .add(
            "POST",
            "/deployments/{id}/set_schedule_inactive",
            Scope.ADMIN,
            Reply.OK,
            call -> own.setScheduleActive(call, false))
        .add("POST", "/deployments/{id}/schedule", Scope.RUN, Reply.OK, own::schedule)
        .add(
            "GET", "/deployments/{id}/work_queue_check", Scope.READ, Reply.OK, own::checkWorkQueue);
  }

  private static Reply flow(FlowRecord flow) {
    return Reply.ok(DeploymentJson.FLOW.toJson(flow));
  }

  private Reply createFlow(Call call) {
    Values body = call.fields();
    Created<FlowRecord> flow =
        api.deployments().findOrCreateFlow(body.requiredText("name"), body.texts("tags"));
    return Reply.found(flow.isNew(), DeploymentJson.FLOW.toJson(flow.record()));
  }

  private Reply listFlows(Call call) {
    FlowSort sort = call.fields().constant("sort", FlowSort.NAME_ASC);
    return Reply.ok(
        DeploymentJson.FLOW.toJson(
            call.page(page -> api.deployments().listFlows(call.filter(), sort, page))));
  }

  private Reply updateFlow(Call call) {
    List<String> tags = call.fields().textsOrNull("tags");
    if (tags != null) {
      api.deployments().updateFlow(call.id(), tags);
    } else {
      api.deployments().readFlow(call.id());
    }
    return Reply.NOTHING;
  }

  private Reply deleteFlow(Call call) {
    api.deployments().deleteFlow(call.id());
    return Reply.NOTHING;
  }

  private Reply apply(Call call) {
    Applied applied = api.deployments().applyDeployment(call.body(DeploymentJson.SPEC));
    return Reply.found(applied.created(), Shapes.deployment(applied.deployment()));
  }

  private Reply list(Call call) {
    DeploymentSort sort = call.fields().constant("sort", DeploymentSort.NAME_ASC);
    return Reply.ok(
        call.page(page -> api.deployments().listDeployments(call.filter(), sort, page)).stream()
            .map(Shapes::deployment)
            .toList());
  }

  private Reply find(Call call) {
    return Reply.ok(
        Shapes.deployment(
            api.deployments()
                .findDeployment(call.text("flow"), call.text("deployment"))
                .orElseThrow(() -> new RequestException(404, "Deployment not found"))));
  }

  private Reply update(Call call) {
    api.deployments().updateDeployment(call.id(), call.body(DeploymentJson.UPDATE));
    return Reply.NOTHING;
  }

  private Reply delete(Call call) {
    api.deployments().deleteDeployment(call.id());
    return Reply.NOTHING;
  }

  private Reply setScheduleActive(Call call, boolean active) {
    api.deployments()
        .updateDeployment(
            call.id(), DeploymentUpdate.builder().isScheduleActive(Change.to(active)).build());
    return Reply.ok(null);
  }

  private Reply schedule(Call call) {
    api.deployments().scheduleRuns(call.id(), call.body(DeploymentJson.PERIOD));
    return Reply.ok(null);
  }

  /** The work queues from which agents take the deployment's runs. */
  private Reply checkWorkQueue(Call call) {
    DeploymentRecord deployment = api.deployments().readDeployment(call.id());
    String queue = deployment.spec().workQueueName();
    String pool = deployment.spec().workPoolName();
    List<WorkQueueRecord> found =
        queue == null
            ? List.of()
            : (pool == null
                    ? api.workQueues().findWorkQueue(queue)
                    : api.workPools().findWorkQueue(pool, queue))
                .stream().toList();
    return Reply.ok(found.stream().map(Shapes::queue).toList());
  }

  private Reply scheduleTimes(Call call) {
    Values asked = call.fields();
    return Reply.ok(
        api
            .deployments()
            .previewSchedule(
                asked.record("schedule", DeploymentJson.ASKED_SCHEDULE),
                asked.requiredTime("after"),
                asked.limit(Page.MAX_LIMIT))
            .stream()
            .map(FieldWriter::time)
            .toList());
  }
}
