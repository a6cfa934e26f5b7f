package dev.sheave.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.internal.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Replays what the commands of Prefect 2.10.13 asked its server. Each request gets the recorded
 * status, and an answer of the recorded shape.
 */
class RecordedTracesTest {
  /** Ids, and checksums of schemas: what a server chooses itself. */
  private static final Pattern OWN =
      Pattern.compile(
          "sha256:[0-9a-f]{64}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

  /** What users, not the protocol, give a shape. */
  private static final Set<String> FREE =
      Set.of(
          "data",
          "fields",
          "parameters",
          "infra_overrides",
          "parameter_openapi_schema",
          "base_job_template",
          "task_inputs",
          "context");

  /** Where answers differ from the recorded ones, and why. */
  private static final Map<String, String> DIFFERENCES = differences();

  private static Map<String, String> differences() {
    Map<String, String> reasons = new TreeMap<>();
    String noRetries = "a policy that nobody set is one without retries: 0 for null";
    reasons.put("policy.retries", noRetries);
    reasons.put("policy.retry_delay", noRetries);
    reasons.put("work queue.description", "a queue without a description has none: null for ''");
    reasons.put("state.state_details.flow_run_id", "the state of a scheduled run names its run");
    String addition = "an addition; programs that bind to the reference's classes ignore it";
    String reference = "block document.block_document_references.creds.block_document.";
    reasons.put("answer.is_recorded is added", addition);
    reasons.put(reference + "updated is added", addition);
    reasons.put("deployment.flow_name is added", addition);
    reasons.put("flow run.flow_name is added", addition);
    reasons.put("work queue.work_pool_name is added", addition);
    return reasons;
  }

  private record Exchange(
      String trace,
      String method,
      String path,
      @Nullable Object request,
      int status,
      @Nullable Object answer,
      double time) {

    @Override
    public String toString() {
      return trace + ": " + method + " " + path;
    }
  }

  private final Map<String, String> ours = new HashMap<>();
  private final Map<String, String> differences = new TreeMap<>();
  private final List<String> wrongStatuses = new ArrayList<>();

  @TempDir Path folder;

  @Test
  void everyRecordedRequestGetsTheSameStatusAndAnAnswerOfTheSameShape() {
    List<Exchange> exchanges = exchanges();
    assertThat(exchanges).hasSize(246);
    try (ServedStore store = new ServedStore(folder)) {
      createWhatWasThere(store, exchanges);
      for (Exchange exchange : exchanges) {
        replay(store, exchange);
      }
    }
    assertThat(wrongStatuses).isEmpty();
    assertThat(differences.keySet())
        .isEqualTo(new TreeSet<>(DIFFERENCES.keySet()))
        .hasSizeLessThanOrEqualTo(10);
  }

  private void replay(ServedStore store, Exchange exchange) {
    String body = exchange.request() == null ? null : translated(Json.write(exchange.request()));
    ServedStore.Answer answer =
        store.send(
            exchange.method(),
            translated(exchange.path()).substring("/api".length()),
            body,
            "Content-Type",
            "application/json",
            ApiHandler.VERSION_HEADER,
            ApiHandler.PROTOCOL);
    if (answer.status() != exchange.status()) {
      wrongStatuses.add(
          exchange + " -> " + answer.status() + " not " + exchange.status() + ": " + answer.body());
    }
    compare("answer", exchange, exchange.answer(), answer.body());
  }

  /** Replaces what the recorded server chose by what ours did. */
  private String translated(String text) {
    return OWN.matcher(text)
        .replaceAll(
            match ->
                Matcher.quoteReplacement(
                    Objects.requireNonNull(ours.getOrDefault(match.group(), match.group()))));
  }

  private void compare(
      String place, Exchange exchange, @Nullable Object recorded, @Nullable Object own) {
    if (recorded instanceof String text && own instanceof String other) {
      if (OWN.matcher(text).matches() && OWN.matcher(other).matches()) {
        ours.putIfAbsent(text, other);
      }
    } else if (recorded instanceof Map<?, ?> map && own instanceof Map<?, ?> other) {
      compareObjects(place, exchange, Json.asObject(map), Json.asObject(other));
    } else if (recorded instanceof List<?> list && own instanceof List<?> other) {
      if (list.isEmpty() != other.isEmpty()) {
        differ(place, exchange, recorded, own);
      }
      for (int i = 0; i < list.size() && !other.isEmpty(); i++) {
        compareElement(place, exchange, list.get(i), i, other);
      }
    } else if (!kind(recorded).equals(kind(own))) {
      differ(place, exchange, recorded, own);
    }
  }

  /** Compares records of the same id, whatever the order, and other things by their place. */
  private void compareElement(
      String place, Exchange exchange, @Nullable Object recorded, int index, List<?> own) {
    if (recorded instanceof Map<?, ?> map && map.get("id") != null) {
      String id = String.valueOf(map.get("id"));
      for (Object each : own) {
        if (each instanceof Map<?, ?> other && isSame(id, String.valueOf(other.get("id")))) {
          compare(place, exchange, recorded, each);
          return;
        }
      }
      // others were made by what wasn't recorded, such as its service for schedules
      if (ours.containsKey(id)) {
        differ(kindOf(place, Json.asObject(map)) + " is missing", exchange, recorded, null);
      }
    } else {
      compare(place, exchange, recorded, own.get(Math.min(index, own.size() - 1)));
    }
  }

  /** Whether two ids are of the same record; those that are new to us may be. */
  private boolean isSame(String recorded, String own) {
    String known = ours.get(recorded);
    return known == null ? !ours.containsValue(own) : known.equals(own);
  }

  /** Names a record by a field that no other kind has. */
  private static String kindOf(String place, Map<String, @Nullable Object> record) {
    Map<String, String> kinds =
        Map.of(
            "slug", "block type",
            "checksum", "block schema",
            "block_schema_id", "block document",
            "task_key", "task run",
            "auto_scheduled", "flow run",
            "state_details", "state",
            "infrastructure_document_id", "deployment",
            "priority", "work queue",
            "retry_delay", "policy");
    return record.containsKey("auto_scheduled")
        ? "flow run"
        : record.keySet().stream()
            .filter(kinds::containsKey)
            .map(kinds::get)
            .findFirst()
            .orElse(place);
  }

  private void compareObjects(
      String enclosing,
      Exchange exchange,
      Map<String, @Nullable Object> recorded,
      Map<String, @Nullable Object> own) {
    String place = kindOf(enclosing, recorded);
    recorded.forEach(
        (name, value) -> {
          if (!own.containsKey(name)) {
            differ(place + "." + name + " is absent", exchange, value, null);
          } else if (!FREE.contains(name)) {
            compare(place + "." + name, exchange, value, own.get(name));
          }
        });
    for (String name : own.keySet()) {
      if (!recorded.containsKey(name)) {
        differ(place + "." + name + " is added", exchange, null, own.get(name));
      }
    }
  }

  private void differ(
      String place, Exchange exchange, @Nullable Object recorded, @Nullable Object own) {
    differences.putIfAbsent(place, exchange + ": " + recorded + " <> " + own);
  }

  private static String kind(@Nullable Object value) {
    return value == null
        ? "null"
        : value instanceof Number
            ? "number"
            : value instanceof Map
                ? "object"
                : value instanceof List ? "list" : value.getClass().getSimpleName();
  }

  /** The block types, and their schemas, that the recorded server had at its start. */
  private void createWhatWasThere(ServedStore store, List<Exchange> exchanges) {
    Set<String> created = new HashSet<>();
    Map<String, Map<String, @Nullable Object>> types = new LinkedHashMap<>();
    Map<String, Map<String, @Nullable Object>> schemas = new LinkedHashMap<>();
    for (Exchange exchange : exchanges) {
      if (exchange.method().equals("POST") && exchange.status() == 201) {
        if (exchange.path().equals("/api/block_types/")
            || exchange.path().equals("/api/block_schemas/")) {
          created.add(
              String.valueOf(Values.of(Objects.requireNonNull(exchange.answer())).text("id")));
        }
      }
      collect(exchange.answer(), types, schemas);
    }
    types.forEach(
        (id, type) -> {
          if (!created.contains(id)) {
            ours.put(id, store.post("/block_types/", type).text("id"));
          }
        });
    schemas.forEach(
        (id, schema) -> {
          if (!created.contains(id)) {
            ServedStore.Answer answer =
                store.send("POST", "/block_schemas/", translated(Json.write(schema)));
            ours.put(id, answer.text("id"));
            ours.put(String.valueOf(schema.get("checksum")), answer.text("checksum"));
          }
        });
  }

  private static void collect(
      @Nullable Object answer,
      Map<String, Map<String, @Nullable Object>> types,
      Map<String, Map<String, @Nullable Object>> schemas) {
    if (answer instanceof List<?> list) {
      list.forEach(each -> collect(each, types, schemas));
    } else if (answer instanceof Map<?, ?> map) {
      Map<String, @Nullable Object> json = Json.asObject(map);
      if (json.containsKey("slug") && json.containsKey("logo_url")) {
        types.putIfAbsent(String.valueOf(json.get("id")), json);
      } else if (json.containsKey("checksum")) {
        schemas.putIfAbsent(String.valueOf(json.get("id")), json);
      }
      json.forEach(
          (name, value) -> {
            if (!FREE.contains(name)) {
              collect(value, types, schemas);
            }
          });
    }
  }

  private static List<Exchange> exchanges() {
    try (Stream<Path> traces =
        Files.list(
            Path.of(
                Objects.requireNonNull(RecordedTracesTest.class.getResource("traces")).toURI()))) {
      return traces
          .flatMap(RecordedTracesTest::exchanges)
          .sorted(Comparator.comparingDouble(Exchange::time))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  private static Stream<Exchange> exchanges(Path trace) {
    String name = String.valueOf(trace.getFileName()).replace(".jsonl", "");
    try {
      return Files.readAllLines(trace).stream()
          .map(line -> Json.parseObject(line, name))
          .map(
              json ->
                  new Exchange(
                      name,
                      String.valueOf(json.get("method")),
                      String.valueOf(json.get("path")),
                      json.get("req"),
                      (Integer) Objects.requireNonNull(json.get("status")),
                      json.get("resp"),
                      ((Number) Objects.requireNonNull(json.get("t"))).doubleValue()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
