package dev.sheave.infrastructure.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Watches that end as a real cluster ends them seldom: replayed. */
@Timeout(120)
class NamespaceWatchTest {
  private static final String JOB =
      """
      {"apiVersion": "batch/v1", "kind": "Job",
       "metadata": {"name": "owl", "namespace": "heart", "resourceVersion": "%d"}}
      """;
  private static final String GONE =
      """
      {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure",
       "message": "too old resource version: 1 (9)", "reason": "Expired", "code": 410}
      """;

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final AtomicInteger lists = new AtomicInteger();
  private final BlockingQueue<String> asked = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();
  private final NamespaceWatch.Listener listener =
      new NamespaceWatch.Listener() {
        @Override
        public void see(Job job) {
          seen.add(job.getMetadata().getResourceVersion());
        }

        @Override
        public void seeJobGone() {
          seen.add("gone");
        }

        @Override
        public void see(Pod pod) {}

        @Override
        public void seeGone(Pod pod) {}

        @Override
        public void seeOnly(Set<String> pods) {}
      };

  private HttpServer server;
  private String end = "";

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/apis/batch/v1/namespaces/heart/jobs", this::answer);
    server.createContext("/", exchange -> send(exchange, 404, "{}"));
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
    threads.shutdownNow();
  }

  /** Lists one job, of a later version each time; the first watch ends, the second is told more. */
  private void answer(HttpExchange exchange) throws IOException {
    String query = exchange.getRequestURI().getQuery();
    if (!query.contains("watch=1")) {
      int version = lists.incrementAndGet();
      send(
          exchange,
          200,
          "{\"kind\": \"JobList\", \"apiVersion\": \"batch/v1\", \"metadata\": {\"resourceVersion\": \""
              + version
              + "\"}, \"items\": ["
              + JOB.formatted(version)
              + "]}");
    } else if (query.contains("resourceVersion=1&")) {
      asked.add("first");
      switch (end) {
        case "answer 410" -> send(exchange, 410, GONE);
        case "event 410" -> send(exchange, 200, event("ERROR", GONE));
        case "no event" -> send(exchange, 200, "");
        default -> exchange.close();
      }
    } else {
      asked.add("second");
      send(exchange, 200, event("MODIFIED", JOB.formatted(77)));
    }
  }

  private static String event(String type, String object) {
    return ("{\"type\": \"" + type + "\", \"object\": " + object + "}").replace("\n", "") + "\n";
  }

  private static void send(HttpExchange exchange, int status, String body) throws IOException {
    try (exchange) {
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"answer 410", "event 410", "no event", "no answer"})
  void whateverEndsAWatchTheListIsMadeAnewAndTheWatchGoesOn(String how) throws Exception {
    end = how;
    KubernetesClusterConfig config =
        KubeConfig.parse(
            """
            clusters: [{name: c, cluster: {server: "http://127.0.0.1:%d"}}]
            users: [{name: u, user: {token: none}}]
            contexts: [{name: x, context: {cluster: c, user: u}}]
            current-context: x
            """
                .formatted(server.getAddress().getPort()),
            "of this test",
            null);
    NamespaceWatch watch = Cluster.of(config).watch("heart");
    watch.add("owl", listener);
    try {
      for (String version : List.of("1", "2", "77")) {
        assertThat(seen.poll(60, TimeUnit.SECONDS)).isEqualTo(version);
      }
      assertThat(asked).contains("first", "second"); // the first maybe twice, as of no answer
    } finally {
      watch.remove("owl", listener);
    }
  }
}
