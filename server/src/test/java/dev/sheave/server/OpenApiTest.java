package dev.sheave.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.internal.Json;
import dev.sheave.server.ServedStore.Answer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The OpenAPI document says what routes take and answer, and they do. */
class OpenApiTest {
  private static ServedStore store;
  private static Map<String, Object> document;

  private static SampleRecords records;

  @BeforeAll
  static void start(@TempDir Path folder) {
    store = new ServedStore(folder, settings -> settings.registersBlockTypes(true));
    document = Json.asObject(store.get("/openapi.json").object());
    records = SampleRecords.in(store);
  }

  @AfterAll
  static void stop() {
    store.close();
  }

  @Test
  void eachRouteSaysWhatItTakesAndAnswers() {
    List<Route> routes = Routes.over(store.sheave, null).all();
    assertThat(routes).allMatch(Exchanges::has);
    assertThat(Exchanges.count()).isEqualTo(routes.size());
    for (Route route : routes) {
      Exchange exchange = Exchanges.of(route);
      assertThat(exchange.gives() == null || !isEmpty(route)).as(route.path()).isTrue();
      assertThat(
              exchange.takes() == null || Set.of("POST", "PATCH", "PUT").contains(route.method()))
          .as(route.path())
          .isTrue();
    }
  }

  private static boolean isEmpty(Route route) {
    return route.statuses().equals(Set.of(Reply.NO_CONTENT));
  }

  @Test
  void eachNameInTheDocumentIsExplainedInIt() {
    Set<String> used = new TreeSet<>();
    Pattern.compile("\"#/components/([a-z]+/\\w+)\"")
        .matcher(Json.write(document))
        .results()
        .forEach(result -> used.add(result.group(1)));
    Map<?, ?> components = inside(document, "components");
    Set<String> explained = new TreeSet<>();
    for (String kind : List.of("schemas", "responses")) {
      inside(components, kind).keySet().forEach(name -> explained.add(kind + "/" + name));
    }
    assertThat(explained).isEqualTo(used);
  }

  @Test
  void recordsAreDescribedByTheCodeThatReadsThem() {
    Map<?, ?> run = schema("NewFlowRun");
    assertThat(property(run, "name")).isEqualTo(Map.of("type", "string", "nullable", true));
    assertThat(property(run, "infrastructure_document_id"))
        .isEqualTo(Map.of("type", "string", "format", "uuid", "nullable", true));
    assertThat(run.get("required")).isNull();
    assertThat(property(property(run, "state"), "type").get("enum"))
        .isEqualTo(
            List.of(
                "SCHEDULED",
                "PENDING",
                "RUNNING",
                "COMPLETED",
                "FAILED",
                "CANCELLED",
                "CRASHED",
                "PAUSED",
                "CANCELLING"));
    assertThat(schema("DeploymentSpec").get("required")).isEqualTo(List.of("flow_id", "name"));
    assertThat(property(schema("FlowRun"), "estimated_run_time").get("type")).isEqualTo("number");
    assertThat(inside(schema("Schedule"), "properties").keySet().toString())
        .isEqualTo("[timezone, cron, day_or, rrule, interval, anchor_date, catch_up]");
  }

  private static Map<?, ?> schema(String name) {
    return inside(inside(inside(document, "components"), "schemas"), name);
  }

  private static Map<?, ?> property(Map<?, ?> schema, String name) {
    return inside(inside(schema, "properties"), name);
  }

  private static Map<?, ?> inside(Map<?, ?> json, String name) {
    return (Map<?, ?>) Objects.requireNonNull(json.get(name), name);
  }

  @Test
  void eachFieldOfABodyIsReadAsTheDocumentSays() {
    List<String> unread = new ArrayList<>();
    for (Route route : Routes.over(store.sheave, null).all()) {
      Schema takes = Exchanges.of(route).takes();
      if (takes == null || !(takes.json().get("properties") instanceof Map<?, ?> properties)) {
        continue;
      }
      for (Map.Entry<?, ?> property : properties.entrySet()) {
        String name = String.valueOf(property.getKey());
        Object wrong = wrong(property.getValue());
        if (wrong == null) {
          continue;
        }
        Map<String, Object> body = required(takes);
        body.put(name, wrong);
        Answer answer = store.send(route.method(), records.path(route), Json.write(body));
        if (answer.status() != 422 || !Json.write(answer.body()).contains(name)) {
          unread.add(route.method() + " " + route.path() + " " + name + ": " + answer.status());
        }
      }
    }
    assertThat(unread).isEmpty();
  }

  /** Values of the fields that must be there. */
  private static Map<String, Object> required(Schema body) {
    Map<String, Object> values = new HashMap<>();
    if (body.json().get("required") instanceof List<?> names) {
      names.forEach(name -> values.put(String.valueOf(name), right(String.valueOf(name))));
    }
    // of two, one must be there
    values.putAll(
        body.json().get("properties") instanceof Map<?, ?> all && all.containsKey("flow_id")
            ? Map.of("flow_id", records.id("flows"))
            : Map.of());
    return values;
  }

  private static Object right(String field) {
    return switch (field) {
      case "block_type_id" -> records.id("block_types");
      case "block_schema_id" -> records.id("block_schemas");
      case "flow_id" -> records.id("flows");
      case "flow_run_id" -> records.id("flow_runs");
      case "after", "history_start", "history_end", "scheduled_before" -> "2026-01-01T00:00:00Z";
      case "history_interval_seconds", "lease", "limit", "concurrency_limit" -> 3600;
      case "schedule" -> Map.of("cron", "* * * * *");
      case "state" -> Map.of("type", "PENDING");
      case "agent" -> Map.of("id", "a", "name", "a", "host", "h", "version", "1", "pool", "p");
      case "epoch", "round", "room", "prefetch", "wait" -> 1;
      case "known", "seen", "state_names", "tags" -> List.of();
      case "is_active" -> true;
      case "block_document_id" -> records.id("block_documents");
      default -> "n";
    };
  }

  /** A value that a field can't have; null if it may have any. */
  private static @Nullable Object wrong(Object schema) {
    Map<?, ?> json = schema instanceof Schema own ? own.json() : (Map<?, ?>) schema;
    if (json.isEmpty()) {
      return null;
    }
    return "string".equals(json.get("type")) ? (Object) 7 : "wrong";
  }
}
