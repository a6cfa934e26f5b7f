package dev.sheave.testkit.storage;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.sheave.testkit.OwnProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A TLS server on this machine that answers for other hosts: a proxy sends all requests of a
 * program to it. For requests to addresses that can't be set in vendors' clients, such as sign-ins.
 * Safe for use by several threads, if its handlers are.
 */
public final class ImpostorServer implements AutoCloseable {
  private final Map<String, HttpHandler> hosts;
  private final SelfSignedKey key;
  private final HttpsServer server;
  private final ServerSocket proxy;
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          work -> {
            Thread thread = new Thread(work, "impostor");
            thread.setDaemon(true);
            return thread;
          });

  /**
   * Starts one.
   *
   * @param folder where it keeps its key, as {@code impostor.p12}
   * @param hosts the names of the other hosts, and a handler for each
   */
  public ImpostorServer(Path folder, Map<String, HttpHandler> hosts) throws IOException {
    this.hosts = Map.copyOf(hosts);
    this.key =
        SelfSignedKey.make(
            folder.resolve("impostor.p12"), hosts.keySet().stream().map("dns:"::concat).toList());
    InetAddress here = InetAddress.getLoopbackAddress();
    server = HttpsServer.create(new InetSocketAddress(here, 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(key.context()));
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
    proxy = new ServerSocket(0, 50, here);
    threads.execute(this::accept);
  }

  /** The {@link OwnProcess#javaOptions} of a program whose requests are to come to this server. */
  public List<String> javaOptions() {
    return List.of(
        "-Dhttps.proxyHost=127.0.0.1",
        "-Dhttps.proxyPort=" + proxy.getLocalPort(),
        // some clients take it for http, too
        "-Dhttp.nonProxyHosts=127.0.0.1",
        "-Djavax.net.ssl.trustStore=" + key.store(),
        "-Djavax.net.ssl.trustStorePassword=" + SelfSignedKey.PASSWORD);
  }

  /**
   * Answers, and reads the request first: one that isn't read may end the connection.
   *
   * @param body JSON if it starts with a brace
   */
  public static void answer(HttpExchange exchange, int status, String body) throws IOException {
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      byte[] bytes = body.getBytes(UTF_8);
      exchange
          .getResponseHeaders()
          .set("Content-Type", body.startsWith("{") ? "application/json" : "text/plain");
      exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  private void handle(HttpExchange exchange) throws IOException {
    String host = String.valueOf(exchange.getRequestHeaders().getFirst("Host"));
    HttpHandler handler = hosts.get(host.replaceFirst(":\\d+$", ""));
    if (handler == null) {
      answer(exchange, 404, "unknown host: " + host);
      return;
    }
    handler.handle(exchange);
  }

  private void accept() {
    try {
      while (true) {
        Socket client = proxy.accept();
        threads.execute(() -> tunnel(client));
      }
    } catch (IOException e) {
      return; // closed
    }
  }

  /** Whatever host is asked for, it is this one. */
  private void tunnel(Socket client) {
    try (client;
        Socket target =
            new Socket(InetAddress.getLoopbackAddress(), server.getAddress().getPort())) {
      // nothing but the request comes before the answer
      BufferedReader head =
          new BufferedReader(new InputStreamReader(client.getInputStream(), UTF_8), 1);
      for (String line = head.readLine();
          line != null && !line.isEmpty();
          line = head.readLine()) {}
      client.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\n".getBytes(UTF_8));
      threads.execute(() -> copy(target, client));
      copy(client, target);
    } catch (IOException e) {
      return; // closed by either side
    }
  }

  private static void copy(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
      to.shutdownOutput();
    } catch (IOException e) {
      return; // closed by either side
    }
  }

  @Override
  public void close() throws IOException {
    proxy.close();
    server.stop(0);
    threads.shutdownNow();
  }
}
