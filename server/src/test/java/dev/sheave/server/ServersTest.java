package dev.sheave.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.Sheave;
import dev.sheave.block.Secret;
import dev.sheave.internal.Json;
import dev.sheave.testkit.OwnProcess;
import dev.sheave.testkit.PostgresSchema;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Several servers, each a process of its own, on one PostgreSQL database. */
class ServersTest {
  private static final int WRITERS = 6;
  private static final int WRITES = 60;

  private final HttpClient client = HttpClient.newHttpClient();

  /** The URLs of the servers' APIs. */
  private final List<String> servers = new ArrayList<>();

  private final AtomicInteger answered = new AtomicInteger();

  /** What the servers said that they have made: the ids of runs, by idempotency key. */
  private final Map<String, String> runs = new ConcurrentHashMap<>();

  private final Queue<String> recordedLines = new ConcurrentLinkedQueue<>();

  /** Lines whose answer was lost: they may be recorded or not. */
  private final Queue<String> lostLines = new ConcurrentLinkedQueue<>();

  /** The main class of a server. */
  static final class ServerProcess {
    private ServerProcess() {}

    /** Arguments: the URL of the database, the home; the password is in the environment. */
    public static void main(String[] arguments) throws IOException {
      try (Sheave sheave =
              Sheave.builder(Map.of())
                  .url(arguments[0])
                  .key(Secret.of(System.getenv().getOrDefault("POSTGRES_PASSWORD", "")))
                  .home(Path.of(arguments[1]))
                  .connect();
          SheaveServer server = SheaveServer.builder(sheave).port(0).start()) {
        System.out.println(server.url());
        while (System.in.read() >= 0) {
          // the test closes the input
        }
      }
    }
  }

  private Process start(String database, Path home) throws IOException {
    Process process =
        OwnProcess.java(List.of(), ServerProcess.class, database, home.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    BufferedReader output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    servers.add(output.readLine());
    return process;
  }

  @Test
  @Timeout(120)
  void ofThreeServersOneIsKilledAndNothingThatWasAnsweredIsLostOrDoubled(@TempDir Path home)
      throws Exception {
    PostgresSchema records = new PostgresSchema();
    List<Process> processes = new ArrayList<>();
    ExecutorService threads = Executors.newCachedThreadPool();
    try {
      for (int i = 0; i < 3; i++) {
        processes.add(start(records.url(), home));
      }
      String flow = text(post(1, "/flows/", Map.of("name", "f")), "id");
      String followed = text(post(1, "/flow_runs/", Map.of("flow_id", flow)), "id");
      AtomicBoolean isWritten = new AtomicBoolean();
      Future<List<String>> follower = threads.submit(() -> follow(followed, isWritten));
      List<Future<?>> writers = new ArrayList<>();
      for (int i = 0; i < WRITERS; i++) {
        int writer = i;
        writers.add(threads.submit(() -> write(writer, flow, followed)));
      }
      while (answered.get() < WRITERS * WRITES / 3) {
        Thread.onSpinWait();
      }
      processes.get(0).destroyForcibly();
      for (Future<?> writer : writers) {
        writer.get();
      }
      isWritten.set(true);

      assertThat(runs).hasSize(WRITERS * WRITES);
      assertThat(Set.copyOf(runs.values())).hasSize(WRITERS * WRITES);
      // one more is followed
      assertThat(post(2, "/flow_runs/count", Map.of()).body())
          .isEqualTo(String.valueOf(WRITERS * WRITES + 1));
      List<String> seen = follower.get();
      assertThat(seen).doesNotHaveDuplicates().containsAll(recordedLines);
      assertThat(Stream.concat(recordedLines.stream(), lostLines.stream())).containsAll(seen);
      assertThat(lostLines.size()).isLessThan(WRITERS * WRITES / 2);
    } finally {
      threads.shutdownNow();
      processes.forEach(Process::destroyForcibly);
      processes.forEach(process -> process.onExit().join());
      records.close();
    }
  }

  private HttpResponse<String> post(int server, String path, Object body)
      throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(URI.create(servers.get(server) + path))
            .timeout(Duration.ofSeconds(30))
            .POST(BodyPublishers.ofString(Json.write(body)))
            .build(),
        BodyHandlers.ofString());
  }

  private static String text(HttpResponse<String> answer, String name) {
    assertThat(answer.statusCode()).as(answer.body()).isIn(200, 201);
    return String.valueOf(Json.parseObject(answer.body(), "The answer").get(name));
  }

  private Void write(int writer, String flow, String followed) throws Exception {
    for (int i = 0; i < WRITES; i++) {
      String key = writer + "-" + i;
      int server = (writer + i) % servers.size();
      Map<String, Object> line =
          Map.of(
              "flow_run_id",
              followed,
              "name",
              "n",
              "level",
              20,
              "message",
              key,
              "timestamp",
              Instant.now().toString());
      try {
        assertThat(post(server, "/logs/", List.of(line)).statusCode()).isEqualTo(201);
        recordedLines.add(key);
      } catch (IOException e) {
        lostLines.add(key);
      }
      runs.put(key, create(server, flow, key));
      answered.incrementAndGet();
    }
    return null;
  }

  /** Makes a run; if the answer is lost, another server is asked the same. */
  private String create(int server, String flow, String key) throws InterruptedException {
    Map<String, Object> run = Map.of("flow_id", flow, "idempotency_key", key);
    for (int asked : IntStream.range(server, server + servers.size()).toArray()) {
      try {
        return text(post(asked % servers.size(), "/flow_runs/", run), "id");
      } catch (IOException e) {
        // the next one is there
      }
    }
    throw new AssertionError("no server answers");
  }

  private List<String> follow(String run, AtomicBoolean isWritten) throws Exception {
    List<String> seen = new ArrayList<>();
    Map<String, Object> question =
        new ConcurrentHashMap<>(
            Map.of(
                "logs",
                Map.of("flow_run_id", Map.of("any_", List.of(run))),
                "sort",
                "RECORDED_ASC"));
    while (true) {
      boolean isLast = isWritten.get();
      Object answer = Json.parse(post(1, "/logs/filter", question).body(), "The lines");
      List<?> lines = answer instanceof List<?> list ? list : List.of("no lines: " + answer);
      for (Object line : lines) {
        Map<?, ?> json = (Map<?, ?>) line;
        seen.add(String.valueOf(json.get("message")));
        question.put("after", String.valueOf(json.get("id")));
      }
      if (isLast && lines.isEmpty()) {
        return seen;
      }
    }
  }
}
