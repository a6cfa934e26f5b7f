package dev.sheave.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.LIST;

import dev.sheave.api.Change;
import dev.sheave.api.DeploymentSpec;
import dev.sheave.api.DeploymentUpdate;
import dev.sheave.api.KeyScope;
import dev.sheave.api.NewArtifact;
import dev.sheave.api.NewFlowRun;
import dev.sheave.api.NewTaskRun;
import dev.sheave.api.OrchestrationApi;
import dev.sheave.api.State;
import dev.sheave.api.StateType;
import dev.sheave.internal.Json;
import dev.sheave.server.ServedStore.Answer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run may do with its own key, and nothing else. */
class RunKeysTest {
  /** What every run may do, whatever it is about. */
  private static final Set<String> FOR_ALL =
      Set.of(
          "GET /health",
          "GET /ready",
          "GET /hello",
          "GET /version",
          "GET /openapi.json",
          "GET /sheave/logos/{slug}",
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
          "DELETE /variables/name/{name}");

  @TempDir private Path folder;
  private ServedStore store;
  private OrchestrationApi api;
  private UUID flow;
  private UUID deployment;
  private UUID own;
  private UUID other;
  private String key;

  @BeforeEach
  void start() {
    store = new ServedStore(folder);
    api = store.sheave.api();
    flow = api.deployments().createFlow("f").id();
    deployment =
        api.deployments()
            .applyDeployment(DeploymentSpec.builder("d", flow).workQueueName("q").build())
            .deployment()
            .id();
    own = running();
    other = running();
    key = api.flowRuns().createRunKey(own).reveal();
  }

  @AfterEach
  void stop() {
    store.close();
  }

  private UUID running() {
    UUID run = api.flowRuns().createFlowRun(deployment, NewFlowRun.now(Map.of())).id();
    api.flowRuns().setFlowRunState(run, State.of(StateType.RUNNING), true);
    return run;
  }

  private UUID taskOf(UUID run) {
    return api.taskRuns()
        .findOrCreateTaskRun(NewTaskRun.builder(State.of(StateType.PENDING), run, "t", "0").build())
        .record()
        .id();
  }

  private Answer send(String method, String path, @Nullable Object body) {
    return store.send(
        method, path, body == null ? null : Json.write(body), "Authorization", "Bearer " + key);
  }

  private static void assertForbidden(Answer answer) {
    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.text("detail")).endsWith(".").doesNotContain("\n");
  }

  @Test
  void ofAllRoutesARunMayUseNoneForWhatIsAnothers() {
    UUID task = taskOf(other);
    UUID artifact =
        api.artifacts().createArtifact(NewArtifact.builder().flowRunId(other).build()).id();
    Map<String, UUID> ids =
        Map.of(
            "flow_runs", other,
            "flow_run_states", api.flowRuns().readFlowRun(other).state().id(),
            "task_runs", task,
            "task_run_states", api.taskRuns().readTaskRun(task).state().id(),
            "artifacts", artifact,
            "deployments", deployment,
            "flows", flow);
    for (Route route : Routes.over(store.sheave, null).all()) {
      String name = route.method() + " " + route.path();
      String kind = route.parts().get(0);
      String path =
          route
              .path()
              .replace("{id}", ids.getOrDefault(kind, UUID.randomUUID()).toString())
              .replaceAll("\\{\\w+}", "x");
      String query = "?flow_run_id=" + other + "&task_run_id=" + task;
      Answer answer = send(route.method(), path + query, bodyFor(route, other, task));
      if (FOR_ALL.contains(name)) {
        assertThat(answer.status()).as(name).isNotIn(401, 403, 500);
      } else {
        assertThat(answer.status()).as(name).isEqualTo(403);
        assertThat(answer.text("detail")).as(name).contains("key").endsWith(".");
      }
    }
  }

  private static @Nullable Object bodyFor(Route route, UUID run, UUID task) {
    if (route.method().equals("GET") || route.method().equals("DELETE")) {
      return null;
    }
    return switch (route.path()) {
      case "/logs/" ->
          List.of(
              Map.of(
                  "flow_run_id",
                  run.toString(),
                  "name",
                  "n",
                  "level",
                  20,
                  "message",
                  "m",
                  "timestamp",
                  Instant.now().toString()));
      case "/task_runs/" ->
          Map.of("flow_run_id", run.toString(), "task_key", "t", "dynamic_key", "1");
      case "/artifacts/" -> Map.of("flow_run_id", run.toString(), "task_run_id", task.toString());
      default -> Map.of("state", Map.of("type", "CANCELLED"), "name", "n", "value", "v");
    };
  }

  @Test
  void aRunMayDoWhatItsProgramDoes() {
    assertThat(send("GET", "/flow_runs/" + own, null).text("id")).isEqualTo(own.toString());
    Object log = bodyFor(route("POST", "/logs/"), own, own);
    assertThat(send("POST", "/logs/", log).status()).isEqualTo(201);
    Answer lines = send("POST", "/logs/filter", Map.of("logs", Map.of("flow_run_id", anyOf(own))));
    assertThat(lines.body()).asInstanceOf(LIST).hasSize(1);
    assertThat(send("GET", "/flow_run_states/?flow_run_id=" + own, null).status()).isEqualTo(200);
    Answer task =
        send(
            "POST",
            "/task_runs/",
            Map.of("flow_run_id", own.toString(), "task_key", "t", "dynamic_key", "0"));
    assertThat(task.status()).isEqualTo(201);
    String taskPath = "/task_runs/" + task.text("id");
    assertThat(send("POST", taskPath + "/set_state", state("RUNNING")).status()).isEqualTo(201);
    assertThat(send("GET", taskPath, null).text("state_type")).isEqualTo("RUNNING");
    Answer artifact =
        send("POST", "/artifacts/", Map.of("flow_run_id", own.toString(), "key", "report"));
    assertThat(artifact.status()).isEqualTo(201);
    assertThat(send("DELETE", "/artifacts/" + artifact.text("id"), null).status()).isEqualTo(204);
    assertThat(send("POST", "/variables/", Map.of("name", "v", "value", "1")).status())
        .isEqualTo(201);
    assertThat(send("POST", "/flow_runs/" + own + "/set_state", state("COMPLETED")).status())
        .isEqualTo(201);
  }

  @Test
  void aRunSavesBlocksIfItsDeploymentSaysSo() {
    Answer type = send("GET", "/block_types/slug/secret", null);
    if (type.status() == 404) {
      store.sheave.blocks().register(Set.of("secret"));
      type = send("GET", "/block_types/slug/secret", null);
    }
    Answer schemas =
        send(
            "POST",
            "/block_schemas/filter",
            Map.of("block_schemas", Map.of("block_type_id", anyOf(type.text("id")))));
    Map<String, Object> block =
        Map.of(
            "name",
            "token",
            "block_schema_id",
            String.valueOf(Answer.first(schemas.body()).get("id")),
            "data",
            Map.of("value", "s3cr3t"));
    Answer refused = send("POST", "/block_documents/", block);
    assertForbidden(refused);
    assertThat(refused.text("detail")).contains("'saves-blocks'");

    api.deployments()
        .updateDeployment(
            deployment,
            DeploymentUpdate.builder().tags(Change.to(List.of("saves-blocks"))).build());
    Answer saved = send("POST", "/block_documents/", block);
    assertThat(saved.status()).isEqualTo(201);
    String path = "/block_documents/" + saved.text("id");
    assertThat(send("PATCH", path, Map.of("data", Map.of("value", "new"))).status()).isEqualTo(204);
    assertForbidden(send("DELETE", path, null));
    // a run without a deployment has nothing that says so
    UUID alone = api.flowRuns().createFlowRunOfFlow(flow, NewFlowRun.now(Map.of())).id();
    key = api.flowRuns().createRunKey(alone).reveal();
    assertForbidden(send("POST", "/block_documents/", block));
  }

  @Test
  void aRunOfAPythonFlowRegistersWhatPrefectsEngineDoes() {
    Map<String, Object> type = Map.of("name", "Result Storage", "slug", "result-storage");
    assertForbidden(send("POST", "/block_types/", type));
    assertForbidden(send("POST", "/flows/", Map.of("name", "inner")));

    UUID python =
        api.deployments()
            .applyDeployment(
                DeploymentSpec.builder("py", flow)
                    .workQueueName("q")
                    .entrypoint("log_flow.py:log_flow")
                    .build())
            .deployment()
            .id();
    UUID run = api.flowRuns().createFlowRun(python, NewFlowRun.now(Map.of())).id();
    key = api.flowRuns().createRunKey(run).reveal();

    assertThat(send("POST", "/flows/", Map.of("name", "inner")).status()).isEqualTo(201);
    Answer made = send("POST", "/block_types/", type);
    assertThat(made.status()).isEqualTo(201);
    String path = "/block_types/" + made.text("id");
    assertThat(send("PATCH", path, Map.of("description", "mine")).status()).isEqualTo(204);
    assertThat(send("GET", path, null).text("description")).isNotEqualTo("mine");
    Answer schema =
        send(
            "POST",
            "/block_schemas/",
            Map.of(
                "block_type_id",
                made.text("id"),
                "fields",
                Map.of("title", "ResultStorage", "type", "object", "properties", Map.of())));
    assertThat(schema.status()).isEqualTo(201);
    Map<String, Object> document =
        Map.of(
            "block_type_id",
            made.text("id"),
            "block_schema_id",
            schema.text("id"),
            "data",
            Map.of(),
            "is_anonymous",
            true);
    assertThat(send("POST", "/block_documents/", document).status()).isEqualTo(201);
    Map<String, Object> named = new HashMap<>(document);
    named.put("is_anonymous", false);
    named.put("name", "results");
    assertForbidden(send("POST", "/block_documents/", named));
  }

  private Route route(String method, String path) {
    return Routes.over(store.sheave, null).all().stream()
        .filter(route -> route.method().equals(method) && route.path().equals(path))
        .findFirst()
        .orElseThrow();
  }

  private static Map<String, Object> state(String type) {
    return Map.of("state", Map.of("type", type));
  }

  private static Map<String, Object> anyOf(Object... ids) {
    return Map.of("any_", Stream.of(ids).map(String::valueOf).toList());
  }

  @Test
  void aRunMakesReadsAndCancelsItsChildRuns() {
    Answer made = send("POST", "/deployments/" + deployment + "/create_flow_run", Map.of());
    assertThat(made.status()).isEqualTo(201);
    assertThat(made.object().get("created_by"))
        .isEqualTo(Map.of("id", own.toString(), "type", "FLOW_RUN", "display_value", nameOf(own)));
    UUID child = UUID.fromString(made.text("id"));
    String path = "/flow_runs/" + child;

    assertThat(send("GET", path, null).status()).isEqualTo(200);
    Answer listed =
        send("POST", "/flow_runs/filter", Map.of("flow_runs", Map.of("id", anyOf(child, own))));
    assertThat(listed.body()).asInstanceOf(LIST).hasSize(2);
    // its own key is for what it does itself
    assertForbidden(send("POST", path + "/set_state", state("RUNNING")));
    assertForbidden(send("PATCH", path, Map.of("name", "x")));
    assertThat(send("POST", path + "/set_state", state("CANCELLED")).status()).isEqualTo(201);
  }

  private String nameOf(UUID run) {
    return api.flowRuns().readFlowRun(run).name();
  }

  @Test
  void aRunExecutesTheRunsThatItMakesWithoutADeployment() {
    Answer made = send("POST", "/flow_runs/", Map.of("flow_id", flow.toString()));
    assertThat(made.status()).isEqualTo(201);
    String path = "/flow_runs/" + made.text("id");
    assertThat(send("POST", path + "/set_state", state("RUNNING")).status()).isEqualTo(201);
  }

  @Test
  void othersRunsAreNotReachedByDetours() {
    UUID foreign =
        api.flowRuns()
            .createFlowRun(
                deployment,
                NewFlowRun.builder(State.scheduledAt(Instant.now())).idempotencyKey("k").build())
            .id();
    assertForbidden(
        send(
            "POST",
            "/deployments/" + deployment + "/create_flow_run",
            Map.of("idempotency_key", "k")));
    assertForbidden(send("GET", "/flow_runs/" + foreign, null));
    for (Object filter :
        List.of(
            Map.of(),
            Map.of("id", anyOf(own, other)),
            Map.of("operator", "or_", "id", anyOf(own)),
            Map.of("id", Map.of("not_any_", List.of(own.toString()))))) {
      assertForbidden(send("POST", "/flow_runs/filter", Map.of("flow_runs", filter)));
      assertForbidden(send("POST", "/task_runs/count", Map.of("flow_runs", filter)));
      assertForbidden(send("POST", "/artifacts/filter", Map.of("flow_runs", filter)));
    }
    assertForbidden(
        send("POST", "/logs/filter", Map.of("logs", Map.of("flow_run_id", anyOf(own, other)))));
    // who makes a run can't say that another made it
    Answer made =
        send(
            "POST",
            "/flow_runs/",
            Map.of(
                "flow_id",
                flow.toString(),
                "created_by",
                Map.of("type", "FLOW_RUN", "id", other.toString())));
    assertThat(made.object().get("created_by")).asString().contains(own.toString());
  }

  @Test
  void afterTheEndARunSaysOnlyWhatItHasNotSaid() {
    api.flowRuns().setFlowRunState(own, State.of(StateType.COMPLETED), false);
    Object log = bodyFor(route("POST", "/logs/"), own, own);
    String path = "/flow_runs/" + own;
    assertThat(send("POST", "/logs/", log).status()).isEqualTo(201);
    // a lost answer: what of the batch is there?
    Object ofOwn = Map.of("logs", Map.of("flow_run_id", Map.of("any_", List.of(own.toString()))));
    assertThat(send("POST", "/logs/filter", ofOwn).status()).isEqualTo(200);
    assertThat(send("GET", path, null).status()).isEqualTo(200);
    assertThat(send("POST", path + "/set_state", state("COMPLETED")).status()).isIn(200, 201);

    assertForbidden(send("POST", path + "/set_state", state("SCHEDULED")));
    assertForbidden(
        send(
            "POST", path + "/set_state", Map.of("state", Map.of("type", "FAILED"), "force", true)));
    assertForbidden(send("POST", "/block_documents/filter", Map.of("include_secrets", true)));
    assertForbidden(send("POST", "/deployments/" + deployment + "/create_flow_run", Map.of()));
    assertForbidden(send("POST", "/variables/filter", Map.of()));
  }

  @Test
  void aServerForRunsTakesTheKeysOfRunsAlone() {
    String admin =
        api.administration()
            .orElseThrow()
            .apiKeys()
            .createKey("admin", KeyScope.ADMIN, null)
            .secret()
            .reveal();
    try (var served = new RunServer().serve(store.sheave, "127.0.0.1", 0)) {
      String url = "http://127.0.0.1:" + served.port() + "/api";
      assertThat(statusAt(url, key)).isEqualTo(200);
      assertThat(statusAt(url, admin)).isEqualTo(401);
      api.administration().orElseThrow().apiKeys().revokeKey("admin");
      assertThat(statusAt(url, null)).isEqualTo(401);
    }
  }

  private int statusAt(String url, @Nullable String withKey) {
    var request = HttpRequest.newBuilder(URI.create(url + "/flow_runs/" + own));
    if (withKey != null) {
      request.header("Authorization", "Bearer " + withKey);
    }
    try {
      return HttpClient.newHttpClient()
          .send(request.build(), BodyHandlers.discarding())
          .statusCode();
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
