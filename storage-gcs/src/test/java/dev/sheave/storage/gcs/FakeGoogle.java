package dev.sheave.storage.gcs;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.sheave.block.Secret;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A server that answers as Google does where the real one of the tests never would: it lets
 * everybody do everything.
 */
final class FakeGoogle implements AutoCloseable {
  private final HttpServer server;
  private final List<String> authorizations = new CopyOnWriteArrayList<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();

  private FakeGoogle(HttpServer server) {
    this.server = server;
  }

  /** Every answer has this status and body. */
  static FakeGoogle answering(int status, String body) {
    try {
      FakeGoogle google =
          new FakeGoogle(
              HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
      google.server.createContext("/", exchange -> google.answer(exchange, status, body));
      google.server.start();
      return google;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void answer(HttpExchange exchange, int status, String body) throws IOException {
    try (exchange) {
      authorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
      requests.add(String.valueOf(exchange.getRequestURI()));
      exchange.getRequestBody().readAllBytes();
      // says that it is the server that tells of a machine of Google's
      exchange.getResponseHeaders().add("Metadata-Flavor", "Google");
      byte[] bytes = body.getBytes(UTF_8);
      exchange
          .getResponseHeaders()
          .add("Content-Type", body.startsWith("{") ? "application/json" : "text/plain");
      exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** What the requests were signed with. */
  List<String> authorizations() {
    return authorizations;
  }

  /** What was asked for. */
  List<String> requests() {
    return requests;
  }

  /** The key of a service account that signs in here. */
  Secret serviceAccount() {
    try {
      KeyPairGenerator keys = KeyPairGenerator.getInstance("RSA");
      keys.initialize(2048);
      String key =
          Base64.getEncoder().encodeToString(keys.generateKeyPair().getPrivate().getEncoded());
      return Secret.of(
          """
          {"type": "service_account", "project_id": "p", "private_key_id": "1", "client_id": "1",
           "client_email": "sheave@p.iam.gserviceaccount.com", "token_uri": "%s/token",
           "private_key": "-----BEGIN PRIVATE KEY-----\\n%s\\n-----END PRIVATE KEY-----\\n"}
          """
              .formatted(address(), key));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
