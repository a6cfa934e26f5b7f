package dev.sheave.storage.azure;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URLDecoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * Azure's sign-in and an account with one file, both in one server. Azure's names lead to it by a
 * proxy: signing in takes TLS, and those names.
 */
final class FakeAzure implements AutoCloseable {
  static final String ACCOUNT = "sheave.blob.core.windows.net";
  static final String CLIENT_SECRET = "the-secret-of-the-application";
  static final String FEDERATED_TOKEN = "the-token-of-the-cluster";

  private static final String MACHINE_HEADER = "the-header-of-the-machine";
  private static final String SIGN_IN = "login.microsoftonline.com";
  private static final String TOKEN = "the-access-token";
  private static final String PASSWORD = "changeit";

  private final Path keys;
  private final HttpsServer server;
  private final HttpServer machine;
  private final ServerSocket proxy;
  private final List<String> signIns = new CopyOnWriteArrayList<>();

  FakeAzure(Path folder) throws IOException, GeneralSecurityException, InterruptedException {
    keys = folder.resolve("keys.p12");
    makeKeys();
    KeyStore store = KeyStore.getInstance(keys.toFile(), PASSWORD.toCharArray());
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(store, PASSWORD.toCharArray());
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(managers.getKeyManagers(), null, null);
    InetAddress here = InetAddress.getLoopbackAddress();
    server = HttpsServer.create(new InetSocketAddress(here, 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(tls));
    server.createContext("/", this::signIn);
    server.createContext("/container", FakeAzure::file);
    server.start();
    machine = HttpServer.create(new InetSocketAddress(here, 0), 0);
    machine.createContext("/", this::machineIdentity);
    machine.start();
    proxy = new ServerSocket(0, 50, here);
    start(this::accept);
  }

  /** Of the program whose requests come here. */
  List<String> javaOptions() {
    return List.of(
        "-Dhttps.proxyHost=127.0.0.1",
        "-Dhttps.proxyPort=" + proxy.getLocalPort(),
        // the SDK takes it for http, too
        "-Dhttp.nonProxyHosts=127.0.0.1",
        "-Djavax.net.ssl.trustStore=" + keys,
        "-Djavax.net.ssl.trustStorePassword=" + PASSWORD);
  }

  /** Where a machine asks for the token of its own identity, showing a header. */
  Map<String, String> machineEnvironment() {
    return Map.of(
        "IDENTITY_ENDPOINT",
        "http://127.0.0.1:" + machine.getAddress().getPort() + "/token",
        "IDENTITY_HEADER",
        MACHINE_HEADER);
  }

  private void machineIdentity(HttpExchange exchange) throws IOException {
    if (!MACHINE_HEADER.equals(exchange.getRequestHeaders().getFirst("X-IDENTITY-HEADER"))) {
      answer(exchange, 401, "{}");
      return;
    }
    signIns.add("identity of the machine");
    answer(exchange, 200, token());
  }

  /** How tokens were asked for. */
  List<String> signIns() {
    return signIns;
  }

  private void makeKeys() throws IOException, InterruptedException {
    Path log = keys.resolveSibling("keytool.log");
    int code =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "azure",
                "-keyalg",
                "RSA",
                "-storetype",
                "PKCS12",
                "-keystore",
                keys.toString(),
                "-storepass",
                PASSWORD,
                "-dname",
                "CN=" + SIGN_IN,
                "-ext",
                "san=dns:" + SIGN_IN + ",dns:" + ACCOUNT)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start()
            .waitFor();
    if (code != 0) {
      throw new IOException(Files.readString(log));
    }
  }

  private void signIn(HttpExchange exchange) throws IOException {
    String body =
        URLDecoder.decode(new String(exchange.getRequestBody().readAllBytes(), UTF_8), UTF_8);
    if (exchange.getRequestURI().getPath().endsWith("/discovery/instance")) {
      answer(
          exchange,
          200,
          """
          {"tenant_discovery_endpoint": "https://%1$s/t/v2.0/.well-known/openid-configuration",
           "api-version": "1.1", "metadata": [{"preferred_network": "%1$s", "preferred_cache": "%1$s",
           "aliases": ["%1$s"]}]}
          """
              .formatted(SIGN_IN));
      return;
    }
    if (body.contains("client_secret=" + CLIENT_SECRET)) {
      signIns.add("secret");
    } else if (body.contains("client_assertion=" + FEDERATED_TOKEN)) {
      signIns.add("federated token");
    } else {
      answer(
          exchange,
          401,
          "{\"error\": \"invalid_client\", \"error_description\": \"AADSTS7000215: Invalid client"
              + " secret provided.\", \"error_codes\": [7000215]}");
      return;
    }
    answer(exchange, 200, token());
  }

  private static String token() {
    return "{\"token_type\": \"Bearer\", \"expires_in\": \"3600\", \"expires_on\": \"4102444800\","
        + " \"access_token\": \""
        + TOKEN
        + "\"}";
  }

  private static void file(HttpExchange exchange) throws IOException {
    String signature = exchange.getRequestHeaders().getFirst("Authorization");
    if (!("Bearer " + TOKEN).equals(signature)) {
      exchange.getResponseHeaders().set("x-ms-error-code", "NoAuthenticationInformation");
      answer(exchange, 401, "{}");
      return;
    }
    exchange.getResponseHeaders().set("ETag", "\"0x1\"");
    exchange.getResponseHeaders().set("Last-Modified", "Thu, 01 Jan 2026 00:00:00 GMT");
    exchange.getResponseHeaders().set("x-ms-blob-type", "BlockBlob");
    answer(exchange, 200, "Hello");
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    try (exchange) {
      // one that isn't read ends the connection before the answer is sent
      exchange.getRequestBody().readAllBytes();
      byte[] bytes = body.getBytes(UTF_8);
      exchange
          .getResponseHeaders()
          .set("Content-Type", body.startsWith("{") ? "application/json" : "text/plain");
      exchange.sendResponseHeaders(status, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  private void accept() {
    try {
      while (true) {
        Socket client = proxy.accept();
        start(() -> tunnel(client));
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
      start(() -> copy(target, client));
      copy(client, target);
    } catch (IOException e) {
      return; // closed by either side
    }
  }

  private static void copy(Socket from, Socket to) {
    try {
      InputStream in = from.getInputStream();
      in.transferTo(to.getOutputStream());
      to.shutdownOutput();
    } catch (IOException e) {
      return; // closed by either side
    }
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work, "fake-azure");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    proxy.close();
    server.stop(0);
    machine.stop(0);
  }
}
