package dev.sheave.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.LIST;

import dev.sheave.Sheave;
import dev.sheave.SheaveException;
import dev.sheave.api.Feature;
import dev.sheave.server.ServedStore.Answer;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SheaveServerTest {

  @TempDir Path folder;

  @Test
  void tellsOfItself() {
    try (ServedStore store = new ServedStore(folder)) {
      assertThat(store.get("/health").body()).isEqualTo(true);
      assertThat(store.get("/ready").body()).isEqualTo(true);
      assertThat(store.get("/hello").body()).isEqualTo("👋");
      assertThat(store.get("/version").body()).isEqualTo(store.get("/admin/version").body());
      assertThat(store.get("/sheave/features").object().get("features"))
          .asInstanceOf(LIST)
          .contains(Feature.LEASES.name());
    }
  }

  @Test
  void servesUnderABasePathAlone() throws Exception {
    try (ServedStore store = new ServedStore(folder, settings -> settings.basePath("/x/y/"))) {
      assertThat(store.server.url()).endsWith("/x/y/api");
      assertThat(store.get("/health").body()).isEqualTo(true);
      URI outside = URI.create(store.server.url()).resolve("/api/health");
      assertThat(
              HttpClient.newHttpClient()
                  .send(HttpRequest.newBuilder(outside).build(), BodyHandlers.ofString())
                  .statusCode())
          .isEqualTo(404);
    }
  }

  @Test
  void largeAnswersAreCompressedForThoseWhoTakeIt() throws Exception {
    try (ServedStore store = new ServedStore(folder)) {
      for (int i = 0; i < 20; i++) {
        store.post("/flows/", Map.of("name", "flow-" + i));
      }
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(store.server.url() + "/flows/filter"))
              .header("Accept-Encoding", "gzip")
              .POST(HttpRequest.BodyPublishers.ofString("{}"))
              .build();
      var answer = HttpClient.newHttpClient().send(request, BodyHandlers.ofByteArray());
      assertThat(answer.headers().firstValue("Content-Encoding")).contains("gzip");
      try (GZIPInputStream body = new GZIPInputStream(new ByteArrayInputStream(answer.body()))) {
        assertThat(new String(body.readAllBytes(), UTF_8)).contains("\"flow-19\"");
      }
      Answer plain = store.post("/flows/filter", Map.of());
      assertThat(plain.header("Content-Encoding")).isEmpty();
      assertThat(plain.body()).asInstanceOf(LIST).hasSize(20);
    }
  }

  @Test
  void aPortThatWasClosedCanBeUsedAgain() {
    try (ServedStore store = new ServedStore(folder)) {
      Sheave sheave = store.sheave;
      int port = URI.create(store.server.url()).getPort();
      store.server.close();

      try (SheaveServer server = SheaveServer.builder(sheave).port(port).start()) {
        assertThat(server.url()).isEqualTo("http://127.0.0.1:" + port + "/api");
      }
    }
  }

  @Test
  void theLogOfARunIsFollowedInTheOrderInWhichItWasRecorded() {
    try (ServedStore store = new ServedStore(folder)) {
      String flow = store.post("/flows/", Map.of("name", "f")).text("id");
      String run = store.post("/flow_runs/", Map.of("flow_id", flow)).text("id");
      for (String time : List.of("2026-01-02T00:00:00Z", "2026-01-01T00:00:00Z")) {
        Map<String, Object> line =
            Map.of(
                "flow_run_id", run, "name", "n", "level", 20, "message", time, "timestamp", time);
        assertThat(store.post("/logs/", List.of(line)).status()).isEqualTo(201);
      }
      Map<String, Object> one = Map.of("flow_run_id", Map.of("any_", List.of(run)));

      Answer first =
          store.post("/logs/filter", Map.of("logs", one, "sort", "RECORDED_ASC", "limit", 1));
      assertThat(first.body()).asString().contains("message=2026-01-02");
      Object last = Objects.requireNonNull(Answer.first(first.body()).get("id"));
      Answer next =
          store.post("/logs/filter", Map.of("logs", one, "sort", "RECORDED_ASC", "after", last));
      assertThat(next.body()).asInstanceOf(LIST).hasSize(1);
      assertThat(next.body()).asString().contains("message=2026-01-01");
      assertThat(store.post("/logs/filter", Map.of("sort", "RECORDED_ASC")).status())
          .isEqualTo(422);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "::"})
  void listensBeyondLoopbackOnlyIfThatIsSaid(String host) {
    try (ServedStore store = new ServedStore(folder)) {
      SheaveServer.Builder settings = SheaveServer.builder(store.sheave).host(host).port(0);
      assertThatThrownBy(settings::start)
          .isInstanceOf(SheaveException.class)
          .hasMessageContaining("--unsafe-no-keys")
          .extracting("code")
          .isEqualTo(SheaveException.Code.PERMISSION_DENIED);
      try (SheaveServer server = settings.unsafeNoKeys(true).start()) {
        assertThat(server.url()).contains(host);
      }
    }
  }

  @Test
  void wrongSettingsAreRefusedAtItsStart() {
    try (ServedStore store = new ServedStore(folder)) {
      int taken = URI.create(store.server.url()).getPort();
      assertThatThrownBy(() -> SheaveServer.builder(store.sheave).port(taken).start())
          .hasMessageContaining("can't listen at 127.0.0.1:" + taken);
      assertThatThrownBy(() -> SheaveServer.builder(store.sheave).port(70_000).start())
          .hasMessageContaining("0 to 65535");
      assertThatThrownBy(() -> SheaveServer.builder(store.sheave).basePath("x y").start())
          .hasMessageContaining("base path");
      assertThatThrownBy(() -> SheaveServer.builder(store.sheave).host("no.such.invalid").start())
          .hasMessageContaining("isn't known");
    }
  }

  @Test
  void closingWaitsForTheRequestInProgress() throws Exception {
    String body = "{\"name\":\"slow\"}";
    try (ServedStore store = new ServedStore(folder)) {
      URI server = URI.create(store.server.url());
      try (Socket socket = new Socket(server.getHost(), server.getPort())) {
        OutputStream request = socket.getOutputStream();
        BufferedReader answer =
            new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
        String headers =
            "POST /api/flows/ HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n"
                + ("Content-Length: " + body.length() + "\r\n\r\n");
        request.write(headers.getBytes(UTF_8));
        // the server waits for the body
        assertThat(answer.readLine()).isEqualTo("HTTP/1.1 100 Continue");

        CompletableFuture<Void> closed = CompletableFuture.runAsync(store.server::close);
        while (takesConnections(server)) {
          Thread.onSpinWait();
        }
        assertThat(closed).isNotDone();
        request.write(body.getBytes(UTF_8));

        assertThat(answer.readLine()).isEmpty();
        assertThat(answer.readLine()).startsWith("HTTP/1.1 201");
        closed.join();
      }
      assertThat(store.sheave.api().deployments().findFlow("slow")).isPresent();
    }
  }

  private static boolean takesConnections(URI server) throws IOException {
    try (Socket socket = new Socket(server.getHost(), server.getPort())) {
      return socket.isConnected();
    } catch (ConnectException e) {
      return false;
    }
  }

  @Test
  void everyOperationOfTheReferenceIsInTheTable() throws IOException {
    try (ServedStore store = new ServedStore(folder)) {
      Routes routes = Routes.over(store.sheave, null);
      List<String> operations;
      try (InputStream lines =
          Objects.requireNonNull(SheaveServerTest.class.getResourceAsStream("operations.txt"))) {
        operations = new String(lines.readAllBytes(), UTF_8).lines().toList();
      }
      assertThat(operations).hasSize(129);
      for (String line : operations) {
        String[] words = line.split(" ");
        List<String> parts = List.of(words[1].substring("/api/".length()).split("/", -1));
        assertThat(routes.find(words[0], parts)).as(line).isNotNull();
      }
    }
  }

  @Test
  void aServerKeepsItsDatabase() {
    try (ServedStore store = new ServedStore(folder)) {
      Map<String, Object> confirmed = Map.of("confirm", true);
      store.post("/flows/", Map.of("name", "f"));
      for (String action : List.of("clear", "drop")) {
        Answer refused = store.post("/admin/database/" + action, confirmed);
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.text("detail")).contains("stop it");
      }
      assertThat(store.post("/admin/database/create", confirmed).status()).isEqualTo(204);
      assertThat(store.post("/flows/count", Map.of()).body()).isEqualTo(1);
    }
  }

  @Test
  void ownBlockTypesAreRegisteredWhenThatIsAskedFor() {
    try (ServedStore store = new ServedStore(folder)) {
      assertThat(store.get("/block_types/slug/s3").status()).isEqualTo(404);
      assertThat(store.post("/block_types/install_system_block_types", null).status())
          .isEqualTo(200);
      assertThat(store.get("/block_types/slug/s3").status()).isEqualTo(200);
      assertThat(store.get("/collections/views/aggregate-block-metadata").object())
          .extracting("sheave")
          .asString()
          .contains("s3={");
      for (String view : List.of("aggregate-worker-metadata", "aggregate-flow-metadata")) {
        assertThat(store.get("/collections/views/" + view).status()).isEqualTo(200);
      }
      assertThat(store.get("/collections/views/other").text("detail")).contains("it has");
    }
  }

  @Test
  void logosAreLinksForProgramsOfOthers() throws Exception {
    String drawn = "<svg xmlns='http://www.w3.org/2000/svg'/>";
    String data =
        "data:image/svg+xml;base64," + Base64.getEncoder().encodeToString(drawn.getBytes(UTF_8));
    try (ServedStore store = new ServedStore(folder, settings -> settings.basePath("/x"))) {
      store.post("/block_types/", Map.of("slug", "drawn", "name", "Drawn", "logo_url", data));
      String link = store.get("/block_types/slug/drawn").text("logo_url");
      assertThat(link).isEqualTo(store.server.url() + "/sheave/logos/drawn");
      assertThat(
              store
                  .send("GET", "/block_types/slug/drawn", null, "User-Agent", "sheave/1")
                  .text("logo_url"))
          .isEqualTo(data);

      HttpResponse<String> logo =
          HttpClient.newHttpClient()
              .send(HttpRequest.newBuilder(URI.create(link)).build(), BodyHandlers.ofString());
      assertThat(logo.body()).isEqualTo(drawn);
      assertThat(logo.headers().firstValue("Content-Type")).contains("image/svg+xml");
      assertThat(logo.headers().firstValue("Content-Security-Policy"))
          .hasValueSatisfying(policy -> assertThat(policy).contains("sandbox"));
      assertThat(store.get("/sheave/logos/other").status()).isEqualTo(404);
    }
  }
}
