package dev.sheave.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sheave.Sheave;
import dev.sheave.api.KeyScope;
import dev.sheave.internal.Json;
import dev.sheave.server.ServedStore.Answer;
import dev.sheave.testkit.OwnPostgres;
import dev.sheave.testkit.SmallDisk;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a server does while its database, its disk or a client is in trouble. */
class TroubleTest {
  @TempDir private Path folder;

  @Test
  @Timeout(180)
  void whileTheDatabaseIsAwayItSaysSoAndThenItIsWell() throws Exception {
    try (OwnPostgres postgres = new OwnPostgres(folder.resolve("postgres"))) {
      try (Sheave sheave =
              Sheave.builder(Map.of()).url(postgres.url()).home(folder.resolve("home")).connect();
          ServedStore store = new ServedStore(sheave, settings -> settings)) {
        assertThat(store.post("/flows/", Map.of("name", "before")).status()).isEqualTo(201);

        postgres.stop();
        Answer answer = store.post("/flows/", Map.of("name", "meanwhile"));
        assertThat(answer.status()).as(String.valueOf(answer.body())).isEqualTo(503);
        assertThat(answer.header("Retry-After")).isPresent();
        assertThat(answer.text("detail")).endsWith(".").doesNotContain("\n", "Exception");
        assertThat(store.get("/ready").status()).isEqualTo(503);
        // the process is well
        assertThat(store.get("/health").status()).isEqualTo(200);

        postgres.start();
        assertThat(store.get("/ready").status()).isEqualTo(200);
        assertThat(store.post("/flows/", Map.of("name", "after")).status()).isEqualTo(201);
        assertThat(store.post("/flows/count", Map.of()).body()).isEqualTo(2);
      }
    }
  }

  @Test
  @Timeout(180)
  void aDatabaseThatHangsIsNotWaitedForWithoutEnd() throws Exception {
    ExecutorService clients = Executors.newFixedThreadPool(9);
    try (OwnPostgres postgres = new OwnPostgres(folder.resolve("postgres"))) {
      String url = postgres.url() + "?socketTimeout=3";
      try (Sheave sheave =
              Sheave.builder(Map.of()).url(url).home(folder.resolve("home")).connect();
          ServedStore store = new ServedStore(sheave, settings -> settings)) {
        AtomicBoolean isPaused = new AtomicBoolean();
        AtomicInteger made = new AtomicInteger();
        Queue<Answer> failed = new ConcurrentLinkedQueue<>();
        List<Future<?>> writing = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
          String writer = i + "-";
          writing.add(
              clients.submit(
                  () -> {
                    // some requests are under way when it begins to hang
                    for (int n = 0; !isPaused.get() || n == 0; n++) {
                      Answer answer = store.post("/flows/", Map.of("name", writer + n));
                      if (answer.status() == 201) {
                        made.incrementAndGet();
                      } else {
                        failed.add(answer);
                      }
                    }
                  }));
        }
        await().atMost(Duration.ofSeconds(60)).until(() -> made.get() > 30);
        postgres.pause();
        isPaused.set(true);
        Future<Answer> ready = clients.submit(() -> store.get("/ready"));
        assertThat(store.get("/health").status()).isEqualTo(200);
        assertThat(ready.get(60, TimeUnit.SECONDS).status()).isEqualTo(503);
        for (Future<?> each : writing) {
          each.get(60, TimeUnit.SECONDS);
        }
        assertThat(failed)
            .isNotEmpty()
            .allSatisfy(
                answer -> {
                  assertThat(answer.status()).isEqualTo(503);
                  assertThat(answer.header("Retry-After")).isPresent();
                  assertThat(answer.text("detail")).endsWith(".").doesNotContain("\n");
                });

        postgres.resume();
        await().atMost(Duration.ofSeconds(60)).until(() -> store.get("/ready").status() == 200);
        assertThat(store.post("/flows/", Map.of("name", "after")).status()).isEqualTo(201);
        // what got no answer may be recorded or not
        assertThat((Integer) store.post("/flows/count", Map.of()).body())
            .isBetween(made.get() + 1, made.get() + failed.size() + 1);
      } finally {
        postgres.resume();
      }
    } finally {
      clients.shutdownNow();
    }
  }

  @Test
  void aFullDiskLosesNothingThatWasAnswered() throws Exception {
    try (SmallDisk disk = SmallDisk.mount(folder.resolve("disk"), 3);
        ServedStore store = new ServedStore(disk.path())) {
      String filling = "x".repeat(100_000);
      int saved = 0;
      Answer answer = artifact(store, filling);
      while (answer.status() == 201) {
        saved++;
        answer = artifact(store, filling);
      }
      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.text("detail")).contains("full").endsWith(".").doesNotContain("\n");
      assertThat(store.post("/artifacts/count", Map.of()).body()).isEqualTo(saved);
    }
  }

  private static Answer artifact(ServedStore store, String value) {
    return store.post("/artifacts/", Map.of("description", value));
  }

  @Test
  void aCutUploadChangesNothing() throws Exception {
    try (ServedStore store = new ServedStore(folder)) {
      String body = Json.write(Map.of("name", "cut"));
      try (Socket socket = connect(store)) {
        send(socket, head(body.length() + 10) + body);
        socket.shutdownOutput();
        assertThat(answer(socket)).doesNotContain("201 ");
      }
      try (Socket socket = connect(store)) {
        send(socket, head(body.length()) + body.substring(5));
      }
      assertThat(store.post("/flows/count", Map.of()).body()).isEqualTo(0);
    }
  }

  @Test
  @Timeout(30)
  void slowHeadersAreNotWaitedForWithoutEnd() throws Exception {
    try (ServedStore store =
            new ServedStore(folder, settings -> settings.idle(Duration.ofMillis(500)));
        Socket socket = connect(store)) {
      send(socket, "POST /api/flows/ HTTP/1.1\r\nHost: local");
      assertThat(answer(socket)).doesNotContain("200 ");
    }
  }

  @Test
  @Timeout(30)
  void aBodyThatDripsIsNotWaitedForWithoutEnd() throws Exception {
    try (ServedStore store =
            new ServedStore(folder, settings -> settings.idle(Duration.ofMillis(500)));
        Socket socket = connect(store)) {
      send(socket, head(1_000_000));
      Thread drip =
          new Thread(
              () -> {
                try {
                  while (true) {
                    send(socket, " ");
                    Thread.sleep(50);
                  }
                } catch (IOException | InterruptedException e) {
                  // the server has closed the connection
                }
              });
      drip.start();
      assertThat(answer(socket)).startsWith("HTTP/1.1 408").contains("{\"detail\":");
      drip.interrupt();
      drip.join();
    }
  }

  @Test
  @Timeout(120)
  void bodiesThatArriveSlowlyKeepNobodyElseWaiting() throws Exception {
    List<Socket> slow = new ArrayList<>();
    try (ServedStore store = new ServedStore(folder)) {
      for (int i = 0; i < 3 * ServerThreads.FREE; i++) {
        Socket socket = connect(store);
        slow.add(socket);
        send(socket, head(Json.write(Map.of("name", "slow-" + i)).length()));
      }
      assertThat(store.get("/health").status()).isEqualTo(200);
      for (int i = 0; i < slow.size(); i++) {
        send(slow.get(i), Json.write(Map.of("name", "slow-" + i)));
        slow.get(i).shutdownOutput();
        assertThat(answer(slow.get(i))).startsWith("HTTP/1.1 201");
      }
    } finally {
      for (Socket socket : slow) {
        socket.close();
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"/api/flows/", "/api/nope", "/api/health", "/sign-in", "/blocks"})
  @Timeout(120)
  void bodiesThatStopKeepNobodyElseWaiting(String path) throws Exception {
    try (ServedStore store = new ServedStore(folder)) {
      List<Socket> stopped = stopped(store, path);
      try {
        assertAnswersAtOnce(store);
      } finally {
        close(stopped);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"/api/flows/", "/api/nope", "/api/health", "/sign-in", "/blocks"})
  @Timeout(120)
  void whoHasNoKeyKeepsNobodyElseWaiting(String path) throws Exception {
    try (ServedStore store = new ServedStore(folder)) {
      String key = store.key("reader", KeyScope.READ);
      List<Socket> stopped = stopped(store, path);
      try {
        assertAnswersAtOnce(store, "Authorization", "Bearer " + key);
        if (path.startsWith("/api/flows")) {
          for (Socket each : stopped) {
            assertThat(answer(each)).startsWith("HTTP/1.1 401").contains("Connection: close");
          }
        }
      } finally {
        close(stopped);
      }
    }
  }

  /** Connections that sent one byte of a body. */
  private static List<Socket> stopped(ServedStore store, String path) throws IOException {
    List<Socket> stopped = new ArrayList<>();
    for (int i = 0; i < 150; i++) {
      Socket socket = connect(store);
      stopped.add(socket);
      send(socket, head(path, 1000) + "{");
    }
    return stopped;
  }

  private static void close(List<Socket> sockets) throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  private static void assertAnswersAtOnce(ServedStore store, String... headers) {
    Instant start = Instant.now();
    assertThat(store.get("/health").status()).isEqualTo(200);
    assertThat(store.send("GET", "/admin/version", null, headers).status()).isEqualTo(200);
    assertThat(store.send("POST", "/flows/count", "{}", headers).status()).isEqualTo(200);
    assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(10));
  }

  @Test
  @Timeout(30)
  void aBodyThatStopsTakesTooLong() throws Exception {
    try (ServedStore store =
            new ServedStore(folder, settings -> settings.idle(Duration.ofMillis(500)));
        Socket api = connect(store);
        Socket page = connect(store)) {
      send(api, head(1000) + "{");
      send(page, head("/sign-in", 1000) + "k");
      assertThat(answer(api)).startsWith("HTTP/1.1 408").contains("{\"detail\":");
      assertThat(answer(page)).startsWith("HTTP/1.1 408");
    }
  }

  @Test
  void aBodyThatIsTooLargeByItsHeaderIsRefusedAtOnce() throws Exception {
    try (ServedStore store = new ServedStore(folder)) {
      for (String path : List.of("/api/flows/", "/sign-in")) {
        try (Socket socket = connect(store)) {
          send(socket, head(path, 1_000_000_000) + "{");
          assertThat(answer(socket)).startsWith("HTTP/1.1 413").contains("Connection: close");
        }
      }
    }
  }

  private static Socket connect(ServedStore store) throws IOException {
    URI server = URI.create(store.server.url());
    Socket socket = new Socket(server.getHost(), server.getPort());
    socket.setSoTimeout(20_000);
    return socket;
  }

  private static String head(int length) {
    return head("/api/flows/", length);
  }

  private static String head(String path, int length) {
    return ("POST " + path + " HTTP/1.1\r\n")
        + ("Host: localhost\r\nContent-Length: " + length + "\r\n\r\n");
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String answer(Socket socket) throws IOException {
    InputStream answer = socket.getInputStream();
    StringBuilder text = new StringBuilder();
    try {
      for (int next = answer.read(); next >= 0; next = answer.read()) {
        text.append((char) next);
      }
    } catch (SocketException e) {
      // it was closed while it still sent
    }
    return text.toString();
  }

  @Test
  void fieldsThatNothingReadsAreIgnoredButNotInFilters() {
    try (ServedStore store = new ServedStore(folder)) {
      Map<String, Object> body = Map.of("name", "f", "colour", "red", "labels", List.of(1));
      assertThat(store.post("/flows/", body).status()).isEqualTo(201);
      assertThat(store.post("/flows/filter", Map.of("colour", "red")).status()).isEqualTo(200);
      // it would find more than was asked for
      assertThat(store.post("/flows/filter", Map.of("flows", Map.of("colour", "red"))).status())
          .isEqualTo(422);
    }
  }

  @Test
  void aFilterOfTensOfThousandsOfValuesIsAnswered() {
    try (ServedStore store = new ServedStore(folder)) {
      String flow = store.post("/flows/", Map.of("name", "f")).text("id");
      List<String> ids =
          Stream.concat(Stream.generate(UUID::randomUUID).limit(50_000), Stream.of(flow))
              .map(String::valueOf)
              .toList();
      Answer answer = store.post("/flows/filter", Map.of("flows", Map.of("id", anyOf(ids))));
      assertThat(answer.status()).as(String.valueOf(answer.body())).isEqualTo(200);
      assertThat((List<?>) answer.body()).hasSize(1);
    }
  }

  private static Map<String, Object> anyOf(List<String> values) {
    return Map.of("any_", values);
  }

  @Test
  void ofTwoWhoSaveOneDocumentAtOnceTheSecondIsTold() throws Exception {
    try (ServedStore store =
        new ServedStore(folder, settings -> settings.registersBlockTypes(true))) {
      String path = "/block_documents/" + SampleRecords.in(store).id("block_documents");
      String read = store.get(path).text("updated");
      String change = Json.write(Map.of("data", Map.of("value", "x"), "expected_updated", read));
      assertThat(store.send("PATCH", path, change).status()).isEqualTo(204);
      Answer second = store.send("PATCH", path, change);
      assertThat(second.status()).isEqualTo(409);
      assertThat(second.text("detail")).endsWith(".");
    }
  }
}
