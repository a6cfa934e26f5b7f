package dev.sheave.infrastructure.docker;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** A registry with one image, whose layer never comes to its end. */
final class SlowRegistry implements AutoCloseable {
  private static final String CONFIG_DIGEST = "sha256:" + "1".repeat(64);
  private static final String LAYER_DIGEST = "sha256:" + "2".repeat(64);
  private static final String TYPE = "application/vnd.docker.distribution.manifest.v2+json";
  private static final long LAYER_BYTES = 1L << 30;

  private static final String MANIFEST =
      """
      {"schemaVersion": 2, "mediaType": "%s",
       "config": {"mediaType": "application/vnd.docker.container.image.v1+json",
                  "size": 100, "digest": "%s"},
       "layers": [{"mediaType": "application/vnd.docker.image.rootfs.diff.tar.gzip",
                   "size": %d, "digest": "%s"}]}
      """
          .formatted(TYPE, CONFIG_DIGEST, LAYER_BYTES, LAYER_DIGEST);

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final boolean hasManifest;
  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch left = new CountDownLatch(1);

  /**
   * Starts it.
   *
   * @param hasManifest whether the layer is what never comes, or already what says which it is
   */
  SlowRegistry(boolean hasManifest) throws IOException {
    this.hasManifest = hasManifest;
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/v2/", this::answer);
    server.start();
  }

  String image() {
    return "127.0.0.1:" + server.getAddress().getPort() + "/slow:1";
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    try (exchange) {
      if (path.equals("/v2/")) {
        exchange.sendResponseHeaders(200, -1);
      } else if (path.contains("/manifests/") && hasManifest) {
        byte[] body = MANIFEST.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", TYPE);
        boolean isHead = exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(200, isHead ? -1 : body.length);
        exchange.getResponseBody().write(body, 0, isHead ? 0 : body.length);
      } else {
        drip(exchange);
      }
    }
  }

  /** Sends a byte from time to time until nobody listens. */
  private void drip(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, LAYER_BYTES);
    asked.countDown();
    try (OutputStream body = exchange.getResponseBody()) {
      while (true) {
        body.write(0);
        body.flush();
        TimeUnit.MILLISECONDS.sleep(20);
      }
    } catch (IOException e) {
      left.countDown();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Returns when the engine waits for what never comes. */
  boolean awaitAsked(Duration atMost) throws InterruptedException {
    return asked.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Returns when the engine has closed that connection. */
  boolean awaitLeft(Duration atMost) throws InterruptedException {
    return left.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
