package dev.sheave.testkit.storage;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;

/**
 * An HTTP server on this machine that gives the same answer to every request. For tests of how
 * clients handle errors that real servers rarely return.
 */
public final class TroubledServer implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final AtomicInteger requests = new AtomicInteger();
  private final String scheme;

  private TroubledServer(HttpServer server, String scheme) {
    this.server = server;
    this.scheme = scheme;
    server.setExecutor(threads);
  }

  /**
   * Starts one.
   *
   * @param status of the answers
   * @param headers of the answers
   * @param body of the answers
   */
  public static TroubledServer answering(int status, Map<String, String> headers, String body)
      throws IOException {
    return new TroubledServer(HttpServer.create(anyPort(), 0), "http").start(status, headers, body);
  }

  /** Starts one that shows people a page to log in, as networks do for which one has to. */
  public static TroubledServer showingLogin() throws IOException {
    return answering(
        200, Map.of("Content-Type", "text/html"), "<html><body>Please log in</body></html>");
  }

  /** Starts one with TLS, and a certificate that isn't trusted. */
  public static TroubledServer notTrusted() throws IOException {
    HttpsServer server = HttpsServer.create(anyPort(), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(selfSigned()));
    return new TroubledServer(server, "https").start(200, Map.of(), "");
  }

  /** Returns a port of this machine that no server listens on. */
  public static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static InetSocketAddress anyPort() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  private static SSLContext selfSigned() throws IOException {
    Path folder = Files.createTempDirectory("troubled-server");
    Path store = folder.resolve("keys.p12");
    try {
      return SelfSignedKey.make(store, List.of("ip:127.0.0.1")).context();
    } finally {
      Files.deleteIfExists(store);
      Files.delete(folder);
    }
  }

  private TroubledServer start(int status, Map<String, String> headers, String body) {
    server.createContext("/", exchange -> answer(exchange, status, headers, body));
    server.start();
    return this;
  }

  private void answer(HttpExchange exchange, int status, Map<String, String> headers, String body)
      throws IOException {
    try (exchange) {
      requests.incrementAndGet();
      exchange.getRequestBody().readAllBytes();
      headers.forEach((name, value) -> exchange.getResponseHeaders().add(name, value));
      byte[] bytes = body.getBytes(UTF_8);
      boolean bodiless = bytes.length == 0 || exchange.getRequestMethod().equals("HEAD");
      exchange.sendResponseHeaders(status, bodiless ? -1 : bytes.length);
      if (!bodiless) {
        exchange.getResponseBody().write(bytes);
      }
    }
  }

  /** Its address: {@code http://127.0.0.1:4711}. */
  public String url() {
    return scheme + "://127.0.0.1:" + server.getAddress().getPort();
  }

  /** The number of requests. */
  public int requests() {
    return requests.get();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
