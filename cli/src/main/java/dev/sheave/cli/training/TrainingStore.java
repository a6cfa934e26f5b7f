package dev.sheave.cli.training;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/** A minimal S3 server in memory, on the loopback interface: enough to put and get a few files. */
final class TrainingStore implements AutoCloseable {
  private final HttpServer server;
  private final Map<String, byte[]> objects = new ConcurrentSkipListMap<>();

  private TrainingStore(HttpServer server) {
    this.server = server;
  }

  static TrainingStore start() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    TrainingStore store = new TrainingStore(server);
    server.createContext("/", store::handle);
    server.start();
    return store;
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      // /bucket/key
      String path = exchange.getRequestURI().getPath();
      int slash = path.indexOf('/', 1);
      String key = slash < 0 ? "" : path.substring(slash + 1);
      byte[] body = exchange.getRequestBody().readAllBytes();
      switch (exchange.getRequestMethod()) {
        case "PUT" -> {
          objects.put(key, body);
          exchange.getResponseHeaders().set("ETag", "\"0\"");
          answer(exchange, 200, null);
        }
        case "DELETE" -> {
          objects.remove(key);
          answer(exchange, 204, null);
        }
        default -> answerTo(exchange, key);
      }
    }
  }

  private void answerTo(HttpExchange exchange, String key) throws IOException {
    if (key.isEmpty()) {
      answer(exchange, 200, listing().getBytes(StandardCharsets.UTF_8));
      return;
    }
    byte[] content = objects.get(key);
    exchange.getResponseHeaders().set("ETag", "\"0\"");
    answer(
        exchange,
        content == null ? 404 : 200,
        content == null
            ? "<Error><Code>NoSuchKey</Code></Error>".getBytes(StandardCharsets.UTF_8)
            : content);
  }

  private String listing() {
    StringBuilder xml = new StringBuilder("<ListBucketResult><IsTruncated>false</IsTruncated>");
    objects.forEach(
        (key, content) ->
            xml.append("<Contents><Key>")
                .append(key)
                .append("</Key><Size>")
                .append(content.length)
                .append("</Size><ETag>\"0\"</ETag>")
                .append("<LastModified>2026-01-01T00:00:00.000Z</LastModified></Contents>"));
    return xml.append("</ListBucketResult>").toString();
  }

  private static void answer(HttpExchange exchange, int status, byte @Nullable [] body)
      throws IOException {
    byte[] content =
        body == null || exchange.getRequestMethod().equals("HEAD") ? new byte[0] : body;
    exchange.sendResponseHeaders(status, content.length == 0 ? -1 : content.length);
    exchange.getResponseBody().write(content);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
