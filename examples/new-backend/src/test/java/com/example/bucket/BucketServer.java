package com.example.bucket;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.sheave.block.Secret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/** A real server for the tests, with the bucket in memory; each block has a folder of its own. */
final class BucketServer {
  static final String TOKEN = "a long enough token";

  private static final BucketServer SERVER = new BucketServer();

  private record Stored(ByteBuffer content, long version, Instant modified) {}

  private final Map<String, Stored> objects = new ConcurrentSkipListMap<>();
  private final AtomicLong versions = new AtomicLong();
  private final HttpServer server;

  private BucketServer() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(
        Executors.newCachedThreadPool(
            work -> {
              Thread thread = new Thread(work);
              thread.setDaemon(true);
              return thread;
            }));
    server.createContext("/", this::answer);
    server.start();
  }

  /** A bucket that nobody has used. */
  static HttpBucket bucket() {
    return new HttpBucket(
        "http://127.0.0.1:" + SERVER.server.getAddress().getPort() + "/" + UUID.randomUUID(),
        Secret.of(TOKEN));
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      if (!("Bearer " + TOKEN).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
        exchange.sendResponseHeaders(403, -1);
      } else if (exchange.getRequestMethod().equals("PUT")) {
        put(exchange, path);
      } else if (exchange.getRequestMethod().equals("DELETE")) {
        exchange.sendResponseHeaders(objects.remove(path) == null ? 404 : 204, -1);
      } else if (exchange.getRequestURI().getQuery() != null) {
        String prefix = path + exchange.getRequestURI().getQuery().substring("prefix=".length());
        send(exchange, list(path, prefix).getBytes(UTF_8));
      } else {
        get(exchange, path);
      }
    }
  }

  private void get(HttpExchange exchange, String path) throws IOException {
    Stored stored = objects.get(path);
    if (stored == null) {
      exchange.sendResponseHeaders(404, -1);
    } else {
      send(exchange, stored.content().array());
    }
  }

  /** A body that ends early throws, and nothing is stored. */
  private void put(HttpExchange exchange, String path) throws IOException {
    byte[] content = exchange.getRequestBody().readAllBytes();
    long version = versions.incrementAndGet();
    objects.put(path, new Stored(ByteBuffer.wrap(content), version, Instant.now()));
    exchange.getResponseHeaders().set("ETag", Long.toString(version));
    exchange.sendResponseHeaders(200, -1);
  }

  private String list(String folder, String prefix) {
    StringBuilder lines = new StringBuilder();
    objects.forEach(
        (path, stored) -> {
          if (path.startsWith(prefix)) {
            lines
                .append(
                    stored.content().capacity() + " " + stored.version() + " " + stored.modified())
                .append(" " + URLEncoder.encode(path.substring(folder.length()), UTF_8) + "\n");
          }
        });
    return lines.toString();
  }

  private static void send(HttpExchange exchange, byte[] body) throws IOException {
    exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
  }
}
