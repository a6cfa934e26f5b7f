package dev.sheave.storage.s3;

import static dev.sheave.testkit.storage.ImpostorServer.answer;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Those of AWS's services that hand out keys: roles' (STS), a container's and a machine's. The keys
 * are those of the S3 server of the tests.
 */
final class FakeAws implements AutoCloseable {
  static final String ROLE = "arn:aws:iam::123456789012:role/flows";
  static final String WEB_IDENTITY = "the-token-of-the-cluster";

  private final HttpServer server;
  private final String id;
  private final String secret;
  private final List<String> asked = new CopyOnWriteArrayList<>();

  FakeAws(String id, String secret) throws IOException {
    this.id = id;
    this.secret = secret;
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::roles);
    server.createContext("/container", exchange -> answer(exchange, 200, json()));
    server.createContext("/latest/api/token", exchange -> answer(exchange, 200, "machine-token"));
    server.createContext("/latest/meta-data/iam/security-credentials", this::machine);
    server.createContext("/latest/meta-data/iam/security-credentials-extended", this::machine);
    server.start();
  }

  String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** What was asked of the service for roles. */
  List<String> asked() {
    return asked;
  }

  /** A role is had by the one web identity, or by those whose request is signed. */
  private void roles(HttpExchange exchange) throws IOException {
    Map<String, String> request = new TreeMap<>();
    for (String pair : new String(exchange.getRequestBody().readAllBytes(), UTF_8).split("&", -1)) {
      String[] parts = pair.split("=", 2);
      request.put(parts[0], URLDecoder.decode(parts[parts.length - 1], UTF_8));
    }
    String action = request.getOrDefault("Action", "none");
    asked.add(action + " " + request.get("RoleArn"));
    boolean known =
        action.equals("AssumeRoleWithWebIdentity")
            ? WEB_IDENTITY.equals(request.get("WebIdentityToken"))
            : String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")).contains(id);
    if (!known || !ROLE.equals(request.get("RoleArn"))) {
      answer(
          exchange,
          403,
          """
          <ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code>
          <Message>Not authorized to perform sts:%s</Message></Error><RequestId>1</RequestId></ErrorResponse>
          """
              .formatted(action));
      return;
    }
    answer(
        exchange,
        200,
        """
        <%1$sResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><%1$sResult><Credentials>
        <AccessKeyId>%2$s</AccessKeyId><SecretAccessKey>%3$s</SecretAccessKey>
        <SessionToken>of-the-role</SessionToken><Expiration>%4$s</Expiration></Credentials>
        <AssumedRoleUser><Arn>%5$s/session</Arn><AssumedRoleId>A:session</AssumedRoleId></AssumedRoleUser>
        </%1$sResult></%1$sResponse>
        """
            .formatted(action, id, secret, inAnHour(), ROLE));
  }

  private void machine(HttpExchange exchange) throws IOException {
    boolean list =
        exchange.getRequestURI().getPath().replaceAll("/$", "").endsWith("credentials")
            || exchange.getRequestURI().getPath().replaceAll("/$", "").endsWith("extended");
    answer(exchange, 200, list ? "role-of-the-machine" : json());
  }

  private String json() {
    return """
        {"Code": "Success", "Type": "AWS-HMAC", "LastUpdated": "2026-01-01T00:00:00Z", "AccountId": "1",
         "AccessKeyId": "%s", "SecretAccessKey": "%s", "Token": "of-the-place", "Expiration": "%s"}
        """
        .formatted(id, secret, inAnHour());
  }

  private static Instant inAnHour() {
    return Instant.now().plus(1, ChronoUnit.HOURS).truncatedTo(ChronoUnit.SECONDS);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
