package dev.sheave.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.LIST;

import dev.sheave.internal.Json;
import dev.sheave.server.ServedStore.Answer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each filter of the reference's OpenAPI document, in each route that has it, changes the answer.
 * Of every kind of record there is one that is found, called {@code a}, and others that aren't.
 */
class FilterTest {
  private static final String EARLY = "2026-01-01T00:00:00Z";
  private static final String LATE = "2036-01-01T00:00:00Z";
  private static final String LATER = "2036-07-01T00:00:00Z";

  private static final Map<String, String> IDS = new HashMap<>();

  private static ServedStore store;

  @BeforeAll
  static void fill(@TempDir Path folder) {
    store = new ServedStore(folder);
    for (String name : List.of("a", "b")) {
      boolean isFound = name.equals("a");
      List<String> tags = isFound ? List.of("a") : List.of();
      create("flow-" + name, "/flows/", "name", "flow-" + name, "tags", tags);
      create(
          "pool-" + name, "/work_pools/", "name", "pool-" + name, "type", isFound ? "one" : "two");
      create("queue-" + name, "/work_pools/pool-" + name + "/queues", "name", "queue-" + name);
      create("plain-" + name, "/work_queues/", "name", "plain-" + name);
      create(
          "deployment-" + name,
          "/deployments/",
          "name",
          "deployment-" + name,
          "flow_id",
          id("flow-" + name),
          "tags",
          tags,
          "is_schedule_active",
          isFound,
          "work_pool_name",
          "pool-" + name,
          "work_queue_name",
          "queue-" + name);
      create("variable-" + name, "/variables/", "name", name, "value", "is " + name, "tags", tags);
    }
    fillRuns();
    fillBlocks();
    post("/work_pools/pool-a/workers/heartbeat", "name", "worker-a");
    Answer workers = post("/work_pools/pool-a/workers/filter");
    IDS.put("heard", String.valueOf(Answer.first(workers.body()).get("last_heartbeat_time")));
    post("/work_pools/pool-a/workers/heartbeat", "name", "worker-b");
    post("/work_pools/pool-a/workers/heartbeat", "name", "worker-c");
  }

  private static void fillRuns() {
    create(
        "run-b",
        "/deployments/" + id("deployment-b") + "/create_flow_run",
        "name",
        "run-b",
        "state",
        scheduled(LATER));
    create("task-b", "/task_runs/", task("b", "PENDING", List.of()));
    create(
        "run-a",
        "/deployments/" + id("deployment-a") + "/create_flow_run",
        "name",
        "run-a",
        "tags",
        List.of("a"),
        "idempotency_key",
        "key-a",
        "parent_task_run_id",
        id("task-b"),
        "state",
        scheduled(EARLY));
    for (String state : List.of("PENDING", "RUNNING")) {
      post(
          "/flow_runs/" + id("run-a") + "/set_state",
          "state",
          Map.of("type", state, "name", state.equals("RUNNING") ? "Going" : "Pending"));
    }
    assertThat(
            store
                .send(
                    "PATCH", "/flow_runs/" + id("run-a"), Json.write(Map.of("flow_version", "v1")))
                .status())
        .isEqualTo(204);
    create("task-a", "/task_runs/", task("a", "PENDING", List.of("a")));
    post(
        "/task_runs/" + id("task-a") + "/set_state",
        "state",
        Map.of("type", "RUNNING", "name", "Going"));
    create(
        "run-c", "/flow_runs/", "name", "run-c", "flow_id", id("flow-b"), "state", scheduled(LATE));
    for (String name : List.of("a", "b")) {
      boolean isFound = name.equals("a");
      create(
          "artifact-" + name,
          "/artifacts/",
          "key",
          "key-" + name,
          "type",
          isFound ? "one" : "two",
          "data",
          name,
          "flow_run_id",
          id("run-" + name),
          "task_run_id",
          id("task-" + name));
      Map<String, Object> line =
          Json.object(
              "flow_run_id",
              id("run-" + name),
              "task_run_id",
              id("task-" + name),
              "name",
              "n",
              "level",
              isFound ? 10 : 40,
              "message",
              name,
              "timestamp",
              isFound ? EARLY : LATE);
      assertThat(store.post("/logs/", List.of(line)).status()).isEqualTo(201);
    }
    post("/artifacts/", "type", "three", "data", "without a key", "flow_run_id", id("run-c"));
  }

  private static Object[] task(String name, String state, List<String> tags) {
    return new Object[] {
      "flow_run_id",
      id("run-" + name),
      "task_key",
      "k",
      "dynamic_key",
      "0",
      "name",
      "task-" + name,
      "tags",
      tags,
      "state",
      Map.of("type", state)
    };
  }

  private static Map<String, Object> scheduled(String time) {
    return Map.of("type", "SCHEDULED", "state_details", Map.of("scheduled_time", time));
  }

  private static void fillBlocks() {
    for (String name : List.of("a", "b")) {
      create("type-" + name, "/block_types/", "slug", "type-" + name, "name", "Type " + name);
      create(
          "schema-" + name,
          "/block_schemas/",
          "block_type_id",
          id("type-" + name),
          "version",
          "version-" + name,
          "capabilities",
          List.of("can-" + name),
          "fields",
          Map.of("title", name));
      create(
          "document-" + name,
          "/block_documents/",
          "name",
          "document-" + name,
          "block_schema_id",
          id("schema-" + name),
          "data",
          Map.of());
      post(
          "/flow_run_notification_policies/",
          "is_active",
          name.equals("a"),
          "state_names",
          List.of(),
          "tags",
          List.of(),
          "block_document_id",
          id("document-" + name));
    }
    post(
        "/block_documents/",
        "is_anonymous",
        true,
        "block_schema_id",
        id("schema-a"),
        "data",
        Map.of());
  }

  /** Sends what must be accepted. */
  private static Answer post(String path, Object... fields) {
    Answer answer = store.post(path, Json.object(fields));
    assertThat(answer.status()).as(path + " " + answer.body()).isBetween(200, 204);
    return answer;
  }

  private static void create(String name, String path, Object... fields) {
    IDS.put(name, post(path, fields).text("id"));
  }

  private static String id(String name) {
    return Objects.requireNonNull(IDS.get(name), name);
  }

  @AfterAll
  static void stop() {
    store.close();
  }

  /** What finds some of the records; a name in braces stands for the id of what has it. */
  private static final String CONDITIONS =
      """
      artifacts.flow_run_id.any_ ["{run-a}"]
      artifacts.id.any_ ["{artifact-a}"]
      artifacts.key.any_ ["key-a"]
      artifacts.key.exists_ false
      artifacts.key.like_ "y-a"
      artifacts.latest_id.any_ ["{artifact-a}"]
      artifacts.task_run_id.any_ ["{task-a}"]
      artifacts.type.any_ ["one"]
      artifacts.type.not_any_ ["two", "three"]
      block_documents.block_type_id.any_ ["{type-a}"]
      block_documents.id.any_ ["{document-a}"]
      block_documents.is_anonymous.eq_ true
      block_documents.name.any_ ["document-a"]
      block_schemas.block_capabilities.all_ ["can-a"]
      block_schemas.block_type_id.any_ ["{type-a}"]
      block_schemas.id.any_ ["{schema-a}"]
      block_schemas.version.any_ ["version-a"]
      block_types.name.like_ "pe A"
      block_types.slug.any_ ["type-a"]
      deployments.id.any_ ["{deployment-a}"]
      deployments.is_schedule_active.eq_ true
      deployments.name.any_ ["deployment-a"]
      deployments.name.like_ "MENT-a"
      deployments.tags.all_ ["a"]
      deployments.tags.is_null_ false
      deployments.work_queue_name.any_ ["queue-a"]
      flow_run_notification_policy_filter.is_active.eq_ true
      flow_runs.deployment_id.any_ ["{deployment-a}"]
      flow_runs.deployment_id.is_null_ true
      flow_runs.expected_start_time.after_ "2036-03-01T00:00:00Z"
      flow_runs.expected_start_time.before_ "2030-01-01T00:00:00Z"
      flow_runs.flow_version.any_ ["v1"]
      flow_runs.id.any_ ["{run-a}"]
      flow_runs.id.not_any_ ["{run-a}"]
      flow_runs.idempotency_key.any_ ["key-a"]
      flow_runs.idempotency_key.not_any_ ["key-a"]
      flow_runs.name.any_ ["run-a"]
      flow_runs.name.like_ "UN-a"
      flow_runs.next_scheduled_start_time.after_ "2036-03-01T00:00:00Z"
      flow_runs.next_scheduled_start_time.before_ "2036-03-01T00:00:00Z"
      flow_runs.parent_task_run_id.any_ ["{task-b}"]
      flow_runs.parent_task_run_id.is_null_ false
      flow_runs.start_time.after_ "2026-01-01T00:00:00Z"
      flow_runs.start_time.before_ "2099-01-01T00:00:00Z"
      flow_runs.start_time.is_null_ true
      flow_runs.state.name.any_ ["Going"]
      flow_runs.state.type.any_ ["RUNNING"]
      flow_runs.tags.all_ ["a"]
      flow_runs.tags.is_null_ false
      flow_runs.work_queue_name.any_ ["queue-a"]
      flow_runs.work_queue_name.is_null_ true
      flows.id.any_ ["{flow-a}"]
      flows.name.any_ ["flow-a"]
      flows.name.like_ "LOW-a"
      flows.tags.all_ ["a"]
      flows.tags.is_null_ true
      logs.flow_run_id.any_ ["{run-a}"]
      logs.level.ge_ 40
      logs.level.le_ 10
      logs.task_run_id.any_ ["{task-a}"]
      logs.timestamp.after_ "2030-01-01T00:00:00Z"
      logs.timestamp.before_ "2030-01-01T00:00:00Z"
      task_runs.id.any_ ["{task-a}"]
      task_runs.name.any_ ["task-a"]
      task_runs.name.like_ "ASK-a"
      task_runs.start_time.after_ "2026-01-01T00:00:00Z"
      task_runs.start_time.before_ "2099-01-01T00:00:00Z"
      task_runs.start_time.is_null_ true
      task_runs.state.name.any_ ["Going"]
      task_runs.state.type.any_ ["RUNNING"]
      task_runs.subflow_runs.exists_ true
      task_runs.tags.all_ ["a"]
      task_runs.tags.is_null_ true
      variables.id.any_ ["{variable-a}"]
      variables.name.any_ ["a"]
      variables.name.like_ "a"
      variables.tags.all_ ["a"]
      variables.tags.is_null_ true
      variables.value.any_ ["is a"]
      variables.value.like_ "S a"
      work_pool_queues.id.any_ ["{queue-a}"]
      work_pool_queues.name.any_ ["queue-a"]
      work_pool_queues.name.startswith_ ["queue-a"]
      work_pools.id.any_ ["{pool-a}"]
      work_pools.name.any_ ["pool-a"]
      work_pools.type.any_ ["one"]
      work_queues.id.any_ ["{queue-a}"]
      work_queues.name.any_ ["queue-a"]
      work_queues.name.startswith_ ["queue-a"]
      workers.last_heartbeat_time.after_ "2099-01-01T00:00:00Z"
      workers.last_heartbeat_time.before_ "{heard}"
      """;

  static Stream<Arguments> filters() throws IOException {
    Map<String, String> conditions = new HashMap<>();
    CONDITIONS
        .lines()
        .forEach(
            line -> {
              int blank = line.indexOf(' ');
              conditions.put(line.substring(0, blank), line.substring(blank + 1));
            });
    Map<String, List<String>> routes = new TreeMap<>();
    try (InputStream list =
        Objects.requireNonNull(FilterTest.class.getResourceAsStream("filters.txt"))) {
      for (String line : new String(list.readAllBytes(), UTF_8).lines().toList()) {
        String[] words = line.split(" ");
        routes.computeIfAbsent(words[1], filter -> new ArrayList<>()).add(words[0]);
      }
    }
    assertThat(conditions.keySet()).isEqualTo(routes.keySet());
    return routes.entrySet().stream()
        .map(
            entry ->
                Arguments.of(entry.getKey(), conditions.get(entry.getKey()), entry.getValue()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("filters")
  void aFilterChangesTheAnswerOfEachRoute(String filter, String condition, List<String> routes) {
    Object value = Objects.requireNonNull(Json.parse(withIds(condition), filter));
    List<String> names = new ArrayList<>(List.of(filter.split("[.]")));
    Collections.reverse(names);
    for (String name : names) {
      value = Json.object(name, value);
    }
    for (String route : routes) {
      String path = route.substring("/api".length()).replaceAll("\\{work_pool_name}", "pool-a");
      Map<String, @Nullable Object> body = new LinkedHashMap<>(period(path));
      Answer all = store.post(path, body);
      body.putAll(Json.asObject((Map<?, ?>) value));
      Answer some = store.post(path, body);

      assertThat(all.status()).as(route).isEqualTo(200);
      assertThat(some.status()).as(route + " " + some.body()).isEqualTo(200);
      assertThat(some.body()).as(route).isNotEqualTo(all.body());
      if (path.equals("/" + names.get(names.size() - 1) + "/filter")) {
        assertThat(some.body()).as(route).asInstanceOf(LIST).isNotEmpty();
      }
    }
  }

  private static Map<String, Object> period(String path) {
    return path.endsWith("/history")
        ? Map.of(
            "history_start",
            "2026-01-01T00:00:00Z",
            "history_end",
            "2037-01-01T00:00:00Z",
            "history_interval_seconds",
            30_000_000)
        : Map.of();
  }

  private static String withIds(String condition) {
    String text = condition;
    for (Map.Entry<String, String> each : IDS.entrySet()) {
      text = text.replace("{" + each.getKey() + "}", each.getValue());
    }
    return text;
  }
}
