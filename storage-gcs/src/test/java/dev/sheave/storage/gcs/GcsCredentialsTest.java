package dev.sheave.storage.gcs;

import static dev.sheave.testkit.storage.ImpostorServer.answer;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import dev.sheave.testkit.OwnProcess;
import dev.sheave.testkit.storage.ImpostorServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The default credentials: each place where Google's library finds one. */
class GcsCredentialsTest {
  private static final String TOKEN =
      "{\"access_token\": \"a-token\", \"token_type\": \"Bearer\", \"expires_in\": 3600,"
          + " \"issued_token_type\": \"urn:ietf:params:oauth:token-type:access_token\"}";

  private static final String NOT_SIGNED_IN =
      "PERMISSION_DENIED 'gcs://bucket/greeting': Google denied access: set service_account_info,"
          + " or sign in with the Google Cloud CLI.";

  @TempDir Path folder;

  private ImpostorServer google;
  private OwnProcess process;
  private Duration took = Duration.ZERO;
  private Map<String, String> environment;
  private final List<String> signIns = new CopyOnWriteArrayList<>();

  /** Reads a file with a block that has no service account: what is found has to do. */
  static final class Greeting implements OwnProcess.Program {
    @Override
    public String run(List<String> arguments) {
      return new String(GCS.builder().bucketPath("bucket").build().readPath("greeting"), UTF_8);
    }
  }

  @BeforeEach
  void start() throws IOException {
    google =
        new ImpostorServer(
            folder,
            Map.of(
                "oauth2.googleapis.com", this::signIn,
                "sts.googleapis.com", this::signIn,
                "storage.googleapis.com", GcsCredentialsTest::file));
    process = new OwnProcess(folder);
    process.javaOptions().addAll(google.javaOptions());
    environment = process.environment();
    environment.keySet().removeIf(name -> name.matches("(GOOGLE|CLOUDSDK|GCE)_.*"));
    environment.put("CLOUDSDK_CONFIG", folder.resolve("gcloud").toString());
    environment.put("NO_GCE_CHECK", "true");
  }

  @AfterEach
  void stop() throws IOException {
    google.close();
  }

  private void signIn(HttpExchange exchange) throws IOException {
    String request =
        URLDecoder.decode(new String(exchange.getRequestBody().readAllBytes(), UTF_8), UTF_8);
    for (String proof :
        List.of("assertion=", "refresh_token=of-me", "subject_token=of-a-cluster")) {
      if (request.contains(proof)) {
        signIns.add(proof);
        answer(exchange, 200, TOKEN);
        return;
      }
    }
    answer(
        exchange,
        400,
        "{\"error\": \"invalid_grant\", \"error_description\": \"Token has been expired or"
            + " revoked.\"}");
  }

  private static void file(HttpExchange exchange) throws IOException {
    exchange.getResponseHeaders().add("x-goog-generation", "7");
    boolean known = "Bearer a-token".equals(exchange.getRequestHeaders().getFirst("Authorization"));
    answer(exchange, known ? 200 : 401, known ? "Hello" : "Anonymous caller does not have access.");
  }

  @Test
  void theFileThatTheEnvironmentNames() throws Exception {
    credentialsFile(FakeGoogle.serviceAccount("https://oauth2.googleapis.com/token"));

    assertThat(read()).isEqualTo("Hello");
    assertThat(signIns).containsExactly("assertion=");
  }

  @Test
  void theLoginOfTheCommandLineTool() throws Exception {
    login("of-me");

    assertThat(read()).isEqualTo("Hello");
    assertThat(signIns).containsExactly("refresh_token=of-me");
  }

  @Test
  void aLoginThatHasExpiredIsSaid() throws Exception {
    login("canary-8f3a");

    assertThat(read())
        .isEqualTo(
            "PERMISSION_DENIED 'gcs://bucket/greeting': the credential that was found on this"
                + " machine can't be used: sign in again, or set service_account_info.");
  }

  @Test
  void aSignInThatNeverAnswersIsGivenUp() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
      login("of-me", ", \"token_uri\": \"http://127.0.0.1:" + silent.getLocalPort() + "\"");

      assertThat(read())
          .isEqualTo(
              "UNAVAILABLE 'gcs://bucket/greeting': Google's sign-in service didn't respond: try again"
                  + " later.");
    }
    assertThat(took).isLessThan(Duration.ofSeconds(15));
  }

  private void login(String token, String... more) throws IOException {
    Files.createDirectories(folder.resolve("gcloud"));
    write(
        "gcloud/application_default_credentials.json",
        """
        {"type": "authorized_user", "client_id": "the-tool", "client_secret": "canary-8f3a",
         "refresh_token": "%s"%s}
        """
            .formatted(token, String.join("", more)));
  }

  @Test
  void theFederatedIdentityOfACluster() throws Exception {
    federatedIdentity("of-a-cluster");

    assertThat(read()).isEqualTo("Hello");
    assertThat(signIns).containsExactly("subject_token=of-a-cluster");
  }

  @Test
  void aFederatedIdentityThatIsRefusedIsSaid() throws Exception {
    federatedIdentity("canary-8f3a");

    assertThat(read())
        .isEqualTo(
            "PERMISSION_DENIED 'gcs://bucket/greeting': the credential that"
                + " GOOGLE_APPLICATION_CREDENTIALS names can't be used: check it, or set"
                + " service_account_info.");
  }

  private void federatedIdentity(String token) throws IOException {
    credentialsFile(
        """
        {"type": "external_account", "token_url": "https://sts.googleapis.com/v1/token",
         "audience": "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/p",
         "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
         "credential_source": {"file": "%s"}}
        """
            .formatted(write("token", token)));
  }

  @Test
  void aFileThatCannotBeUsedIsNotPassedOver() throws Exception {
    String federation =
        "{\"type\": \"external_account\", \"audience\": \"a\", \"subject_token_type\": \"b\","
            + " \"token_url\": \"no address\", \"credential_source\": {\"file\": \"token\"}}";
    for (String content : List.of("no JSON", "{}", federation)) {
      credentialsFile(content);

      assertThat(read())
          .as(content)
          .contains("the credential that GOOGLE_APPLICATION_CREDENTIALS names can't be used");
    }
  }

  @Test
  void theMachinesServiceAccount() throws Exception {
    environment.remove("NO_GCE_CHECK");
    try (FakeGoogle machine = FakeGoogle.answering(200, TOKEN)) {
      environment.put("GCE_METADATA_HOST", machine.address().replace("http://", ""));

      assertThat(read()).isEqualTo("Hello");
    }
  }

  @Test
  void aMachineWithoutOneIsAnonymousWithoutDelay() throws Exception {
    environment.remove("NO_GCE_CHECK");
    // full, it takes no more connections: as where the machine's address leads nowhere
    List<SocketChannel> waiting = new ArrayList<>();
    try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      for (int i = 0; i < 4; i++) {
        SocketChannel channel = SocketChannel.open();
        waiting.add(channel);
        channel.configureBlocking(false);
        channel.connect(full.getLocalSocketAddress());
      }
      environment.put("GCE_METADATA_HOST", "127.0.0.1:" + full.getLocalPort());

      assertThat(read()).isEqualTo(NOT_SIGNED_IN);
    } finally {
      for (SocketChannel channel : waiting) {
        channel.close();
      }
    }
    assertThat(took).isLessThan(Duration.ofSeconds(10));
  }

  @Test
  void aMachineThatNeverAnswersIsTakenForNoneOfGoogles() throws Exception {
    environment.remove("NO_GCE_CHECK");
    try (ServerSocket silent = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
      environment.put("GCE_METADATA_HOST", "127.0.0.1:" + silent.getLocalPort());

      assertThat(read()).isEqualTo(NOT_SIGNED_IN);
    }
    assertThat(took).isLessThan(Duration.ofSeconds(25));
  }

  @Test
  void whatIsFoundIsForServersOfGooglesAlone() {
    assertThat(withEndpoint("https://storage-flows.p.googleapis.com").usesDefault()).isTrue();
    assertThat(withEndpoint("http://storage-flows.p.googleapis.com").usesDefault()).isFalse();
    assertThat(withEndpoint("https://googleapis.com.example.com").usesDefault()).isFalse();
    assertThat(withEndpoint("https://storage.example.com").usesDefault()).isFalse();
  }

  private static GcsAccount withEndpoint(String endpoint) {
    return new GcsAccount(null, null, URI.create(endpoint));
  }

  private void credentialsFile(String content) throws IOException {
    environment.put("GOOGLE_APPLICATION_CREDENTIALS", write("credentials", content).toString());
  }

  private Path write(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content);
  }

  /** What comes of a block that has no service account. */
  private String read() throws Exception {
    OwnProcess.Answer answer = process.run(Greeting.class);
    assertThat(answer.trace() + answer.printed())
        .doesNotContain("canary")
        .doesNotContain("PRIVATE KEY");
    assertThat(answer.printed()).isEmpty();
    took = answer.took();
    return answer.text();
  }
}
