package dev.sheave.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.Sheave;
import dev.sheave.api.ApiKeyApi;
import dev.sheave.api.KeyScope;
import dev.sheave.testkit.OwnPostgres;
import dev.sheave.testkit.PostgresSchema;
import dev.sheave.testkit.storage.CutConnection;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsTest {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  @TempDir private Path folder;

  private static HttpResponse<String> scrape(ServedStore store, String path, String... headers)
      throws Exception {
    URI url = URI.create(store.server.url()).resolve(path);
    HttpRequest.Builder request = HttpRequest.newBuilder(url);
    if (headers.length > 0) {
      request.headers(headers);
    }
    return CLIENT.send(request.build(), BodyHandlers.ofString());
  }

  private static double value(String text, String meter) {
    Matcher line = Pattern.compile("(?m)^" + Pattern.quote(meter) + " (\\S+)$").matcher(text);
    assertThat(line.find()).as("%s in %s", meter, text).isTrue();
    return Double.parseDouble(line.group(1));
  }

  private static void assertMeasured(ServedStore store) throws Exception {
    String flow = store.post("/flows/", Map.of("name", "f")).text("id");
    Map<String, Object> deployment = Map.of("name", "d", "flow_id", flow, "work_queue_name", "q");
    String runs = "/deployments/" + store.post("/deployments/", deployment).text("id");
    Map<String, Object> due =
        Map.of(
            "type",
            "SCHEDULED",
            "state_details",
            Map.of("scheduled_time", Instant.now().minusSeconds(90).toString()));
    for (int i = 0; i < 2; i++) {
      store.post(runs + "/create_flow_run", Map.of("state", due));
    }
    store.post("/flow_runs/", Map.of("flow_id", flow, "state", Map.of("type", "COMPLETED")));
    store.get("/flows/" + flow);
    store.get("/flows/nonsense");
    store.get("/nothing/here");

    // a request is counted when its answer has gone out
    String requests = "http_server_requests_seconds_count";
    HttpResponse<String> answer =
        Awaitility.await()
            .atMost(Duration.ofSeconds(60))
            .until(
                () -> scrape(store, "/metrics"),
                reply ->
                    reply.statusCode() != 200
                        || reply.body().contains(requests + route("GET", 404, "unknown")));
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type").orElse(""))
        .startsWith("text/plain; version=0.0.4");
    String text = answer.body();
    assertThat(value(text, requests + route("GET", 200, "/api/flows/{id}"))).isEqualTo(1);
    assertThat(value(text, requests + route("GET", 422, "/api/flows/{id}"))).isEqualTo(1);
    assertThat(value(text, requests + route("GET", 404, "unknown"))).isEqualTo(1);
    assertThat(text).doesNotContain(flow, "nonsense");
    assertThat(value(text, "sheave_flow_runs{state=\"scheduled\"}")).isEqualTo(2);
    assertThat(value(text, "sheave_flow_runs{state=\"running\"}")).isEqualTo(0);
    String queue = "{pool=\"default-agent-pool\",queue=\"q\"}";
    assertThat(value(text, "sheave_work_queue_due_runs" + queue)).isEqualTo(2);
    assertThat(value(text, "sheave_work_queue_lag_seconds" + queue)).isBetween(90.0, 900.0);
    assertThat(value(text, "sheave_database_connections{state=\"max\"}")).isPositive();
    assertThat(value(text, "sheave_http_threads{state=\"busy\"}")).isPositive();
    assertThat(text).contains("jvm_memory_used_bytes{", "process_uptime_seconds ");
    assertThat(scrape(store, "/api/metrics").statusCode()).isEqualTo(200);
  }

  private static String route(String method, int status, String route) {
    return "{method=\"%s\",status=\"%s\",uri=\"%s\"}".formatted(method, status, route);
  }

  @Test
  void aServerTellsWhatItMeasures() throws Exception {
    try (ServedStore store = new ServedStore(folder, settings -> settings.metrics(true))) {
      assertMeasured(store);
    }
  }

  @Test
  void theLoadOfPostgresIsMeasuredToo() throws Exception {
    try (OwnPostgres postgres = new OwnPostgres(folder.resolve("postgres"))) {
      try (Sheave sheave =
              Sheave.builder(Map.of()).url(postgres.url()).home(folder.resolve("home")).connect();
          ServedStore store = new ServedStore(sheave, settings -> settings.metrics(true))) {
        assertMeasured(store);
      }
    }
  }

  @Test
  void withKeysAKeyIsWantedForThem() throws Exception {
    try (ServedStore store = new ServedStore(folder, settings -> settings.metrics(true))) {
      String key = store.key("prometheus", KeyScope.READ);
      assertThat(scrape(store, "/metrics").statusCode()).isEqualTo(401);
      assertThat(scrape(store, "/metrics", "Authorization", "Bearer " + key).statusCode())
          .isEqualTo(200);
    }
  }

  @Test
  void whileTheDatabaseIsAwayTheRestIsTold() throws Exception {
    try (PostgresSchema schema = new PostgresSchema();
        CutConnection way = new CutConnection(schema.port());
        ServedStore store =
            new ServedStore(
                schema.connect(way.port(), folder), settings -> settings.metrics(true))) {
      String key = store.key("prometheus", KeyScope.READ);
      String[] login = {"Authorization", "Bearer " + key};
      String before = scrape(store, "/metrics", login).body();
      assertThat(value(before, "sheave_database_up")).isEqualTo(1);
      way.cutAfterAsked(0);

      HttpResponse<String> away =
          Awaitility.await()
              .atMost(Duration.ofSeconds(60))
              .until(
                  () -> scrape(store, "/metrics", login),
                  answer -> !answer.body().contains("sheave_database_up 1.0"));
      assertThat(away.statusCode()).isEqualTo(200);
      assertThat(value(away.body(), "sheave_database_up")).isEqualTo(0);
      assertThat(value(away.body(), "sheave_database_connections{state=\"max\"}")).isPositive();
      assertThat(away.body())
          .contains("jvm_memory_used_bytes{", "http_server_requests_seconds_count{")
          .doesNotContain("sheave_flow_runs{", "sheave_work_queue");
      assertThat(scrape(store, "/metrics").statusCode()).isNotEqualTo(200);

      way.restore();
      Awaitility.await()
          .atMost(Duration.ofSeconds(90))
          .until(
              () -> scrape(store, "/metrics", login),
              answer ->
                  answer.body().contains("sheave_database_up 1.0")
                      && answer.body().contains("sheave_flow_runs{"));
    }
  }

  @Test
  void aKeyThatWasRevokedReadsThemNoMore() throws Exception {
    try (ServedStore store = new ServedStore(folder, settings -> settings.metrics(true))) {
      ApiKeyApi keys = store.sheave.api().administration().orElseThrow().apiKeys();
      String key = keys.createKey("prometheus", KeyScope.READ, null).secret().reveal();
      String[] login = {"Authorization", "Bearer " + key};
      assertThat(scrape(store, "/metrics", login).statusCode()).isEqualTo(200);
      keys.createKey("other", KeyScope.ADMIN, null);
      keys.revokeKey("prometheus");

      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> scrape(store, "/metrics", login).statusCode(), status -> status == 401);
    }
  }

  @Test
  void aServerThatMeasuresNothingSaysSo() throws Exception {
    try (ServedStore store = new ServedStore(folder)) {
      HttpResponse<String> answer = scrape(store, "/metrics");
      assertThat(answer.statusCode()).isEqualTo(404);
      assertThat(answer.body()).contains("start it with --metrics");
    }
  }
}
