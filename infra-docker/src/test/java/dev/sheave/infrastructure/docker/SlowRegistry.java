package dev.sheave.infrastructure.docker;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * A registry with one image, of which something never comes to its end. An engine tries TLS first,
 * and is told at once that there is none.
 */
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

  private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
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
    threads.execute(this::accept);
  }

  String image() {
    return "127.0.0.1:" + server.getLocalPort() + "/slow:1";
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket client = server.accept();
        threads.execute(() -> answer(client));
      } catch (IOException e) {
        // it was closed
      }
    }
  }

  private void answer(Socket client) {
    try (client;
        BufferedReader in =
            new BufferedReader(
                new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII));
        OutputStream out = client.getOutputStream()) {
      in.mark(1);
      if (!Character.isUpperCase(in.read())) { // no method of HTTP, but the greeting of TLS
        send(out, "400 Bad Request", 0);
        return;
      }
      in.reset();
      String request = in.readLine();
      for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
        // no header matters
      }
      if (request.contains(" /v2/ ")) {
        send(out, "200 OK", 0);
      } else if (request.startsWith("HEAD ")) {
        send(out, "200 OK", MANIFEST.length()); // without a digest, for which GET is asked then
      } else if (request.contains("/manifests/") && hasManifest) {
        send(out, "200 OK", MANIFEST.length());
        out.write(MANIFEST.getBytes(StandardCharsets.US_ASCII));
      } else {
        send(out, "200 OK", LAYER_BYTES);
        drip(out);
      }
    } catch (IOException e) {
      // the engine has left
    }
  }

  private static void send(OutputStream out, String status, long length) throws IOException {
    String head =
        "HTTP/1.1 %s\r\nContent-Type: %s\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
            .formatted(status, TYPE, length);
    out.write(head.getBytes(StandardCharsets.US_ASCII));
  }

  /** Sends a byte from time to time until nobody listens. */
  private void drip(OutputStream out) {
    asked.countDown();
    try {
      while (true) {
        out.write(0);
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
  public void close() throws IOException {
    server.close();
    threads.shutdownNow();
  }
}
