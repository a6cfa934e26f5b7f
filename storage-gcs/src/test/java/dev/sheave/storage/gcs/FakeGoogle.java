package dev.sheave.storage.gcs;

import static dev.sheave.testkit.storage.ImpostorServer.answer;

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
import java.util.function.ToIntFunction;

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
    return answering(request -> status, body);
  }

  /**
   * Answers by what a request is signed with, and how many came before it.
   *
   * @param status of an answer
   * @param body of an answer; {@code #} is the number of requests until then
   */
  static FakeGoogle answering(ToIntFunction<String> status, String body) {
    try {
      FakeGoogle google =
          new FakeGoogle(
              HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
      google.server.createContext("/", exchange -> google.take(exchange, status, body));
      google.server.start();
      return google;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void take(HttpExchange exchange, ToIntFunction<String> status, String body)
      throws IOException {
    String authorization = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
    authorizations.add(authorization);
    requests.add(String.valueOf(exchange.getRequestURI()));
    // says that it is the server that tells of a machine of Google's
    exchange.getResponseHeaders().add("Metadata-Flavor", "Google");
    exchange.getResponseHeaders().add("x-goog-generation", "7");
    answer(
        exchange,
        status.applyAsInt(authorization),
        body.replace("#", String.valueOf(requests.size())));
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
    return Secret.of(serviceAccount(address() + "/token"));
  }

  /** The key of a service account that signs in somewhere. */
  static String serviceAccount(String signIn) {
    try {
      KeyPairGenerator keys = KeyPairGenerator.getInstance("RSA");
      keys.initialize(2048);
      String key =
          Base64.getEncoder().encodeToString(keys.generateKeyPair().getPrivate().getEncoded());
      return """
          {"type": "service_account", "project_id": "p", "private_key_id": "1", "client_id": "1",
           "client_email": "sheave@p.iam.gserviceaccount.com", "token_uri": "%s",
           "private_key": "-----BEGIN PRIVATE KEY-----\\n%s\\n-----END PRIVATE KEY-----\\n"}
          """
          .formatted(signIn, key);
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
