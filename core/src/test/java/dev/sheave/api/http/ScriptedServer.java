package dev.sheave.api.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.sheave.api.OrchestrationApi;
import dev.sheave.block.Secret;
import dev.sheave.internal.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** A server that answers as a test says, and remembers what it was asked. */
final class ScriptedServer implements AutoCloseable {
  /** What was asked of a server that isn't Sheave's before anything else. */
  static final String FEATURES = "/api/sheave/features";

  private final HttpServer http;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  final List<Asked> asked = new CopyOnWriteArrayList<>();
  private volatile Script script =
      (exchange, asked) -> answer(exchange, 404, "{\"detail\": \"Not Found\"}");

  /** Answers requests. */
  interface Script {
    void answer(HttpExchange exchange, Asked asked) throws IOException;
  }

  /** A request that came. */
  record Asked(
      String method, String path, Map<String, List<String>> headers, @Nullable Object body) {
    @Nullable String header(String name) {
      return headers.entrySet().stream()
          .filter(each -> each.getKey().equalsIgnoreCase(name))
          .map(each -> each.getValue().get(0))
          .findFirst()
          .orElse(null);
    }
  }

  ScriptedServer() throws IOException {
    this(0);
  }

  ScriptedServer(int port) throws IOException {
    http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    http.setExecutor(threads);
    http.createContext("/", this::handle);
    http.start();
  }

  private void handle(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    if ("gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"))) {
      try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(body))) {
        body = in.readAllBytes();
      }
    }
    String text = new String(body, StandardCharsets.UTF_8);
    Asked request =
        new Asked(
            exchange.getRequestMethod(),
            exchange.getRequestURI().toString(),
            Map.copyOf(exchange.getRequestHeaders()),
            text.isEmpty() ? null : Json.parse(text, "The request"));
    asked.add(request);
    script.answer(exchange, request);
  }

  /** Sets how requests are answered from now on; those for features as a Prefect server does. */
  ScriptedServer answering(Script next) {
    script =
        (exchange, request) -> {
          if (request.path().equals(FEATURES)) {
            answer(exchange, 404, "{\"detail\": \"Not Found\"}");
          } else {
            next.answer(exchange, request);
          }
        };
    return this;
  }

  /** Sets how all requests are answered from now on. */
  ScriptedServer answeringAll(Script next) {
    script = next;
    return this;
  }

  /** Sends JSON. */
  static void answer(HttpExchange exchange, int status, String json) throws IOException {
    send(exchange, status, "application/json", json.getBytes(StandardCharsets.UTF_8));
  }

  static void send(HttpExchange exchange, int status, String type, byte[] body) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  /** Breaks the connection without an answer. */
  static void drop(HttpExchange exchange) {
    // closing an exchange whose answer hasn't begun closes its connection
    exchange.close();
  }

  int port() {
    return http.getAddress().getPort();
  }

  String url() {
    return "http://127.0.0.1:" + port() + "/api";
  }

  /** Connects a client that doesn't wait for long. */
  OrchestrationApi connect(@Nullable String key) {
    return connect(url(), key, Duration.ofSeconds(2));
  }

  static OrchestrationApi connect(String url, @Nullable String key, Duration atMost) {
    RetryTimes times = new RetryTimes(Duration.ofMillis(10), atMost, Duration.ofSeconds(2));
    return new HttpOrchestration(
        new ServerConnection(URI.create(url), key == null ? null : Secret.of(key), times));
  }

  /** The requests without those for features. */
  List<Asked> calls() {
    return asked.stream().filter(each -> !each.path().equals(FEATURES)).toList();
  }

  @Override
  public void close() {
    http.stop(0);
    threads.shutdownNow();
  }

  static String resource(String name) {
    try (InputStream in = ScriptedServer.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is missing");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
