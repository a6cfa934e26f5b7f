package dev.sheave.storage.azure;

import static dev.sheave.testkit.storage.ImpostorServer.answer;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.sheave.testkit.storage.ImpostorServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** Azure's sign-in and an account with one file: signing in takes TLS, and Azure's names. */
final class FakeAzure implements AutoCloseable {
  static final String ACCOUNT = "sheave.blob.core.windows.net";
  static final String CLIENT_SECRET = "the-secret-of-the-application";
  static final String FEDERATED_TOKEN = "the-token-of-the-cluster";

  private static final String MACHINE_HEADER = "the-header-of-the-machine";
  private static final String SIGN_IN = "login.microsoftonline.com";
  private static final String TOKEN = "the-access-token";

  private final ImpostorServer server;
  private final HttpServer machine;
  private final List<String> signIns = new CopyOnWriteArrayList<>();

  FakeAzure(Path folder) throws IOException {
    server = new ImpostorServer(folder, Map.of(SIGN_IN, this::signIn, ACCOUNT, FakeAzure::file));
    machine = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    machine.createContext("/", this::machineIdentity);
    machine.start();
  }

  /** Of the program whose requests come here. */
  List<String> javaOptions() {
    return server.javaOptions();
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
    exchange.getResponseHeaders().add("x-ms-version", "2026-06-06");
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

  @Override
  public void close() throws IOException {
    server.close();
    machine.stop(0);
  }
}
