package dev.sheave.storage.gcs;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.auth.oauth2.GoogleCredentials;
import dev.sheave.testkit.OwnProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The default credentials: each place where Google's library finds one. */
class GcsCredentialsTest {
  @TempDir Path folder;

  private FakeGoogle google;
  private OwnProcess process;
  private Duration took = Duration.ZERO;
  private Map<String, String> environment;

  /** Tells what signs the requests of a block that has no service account. */
  static final class Signature implements OwnProcess.Program {
    @Override
    public String run(List<String> arguments) {
      try {
        GoogleCredentials found = new GcsAccount(null, null, null).credentials();
        return found == null
            ? "nothing"
            : String.valueOf(found.getRequestMetadata().get("Authorization"));
      } catch (IOException e) {
        return "something unusable";
      }
    }
  }

  @BeforeEach
  void start() {
    google =
        FakeGoogle.answering(
            200,
            "{\"access_token\": \"a-token\", \"token_type\": \"Bearer\", \"expires_in\": 3600}");
    process = new OwnProcess(folder);
    environment = process.environment();
    environment.keySet().removeIf(name -> name.matches("(GOOGLE|CLOUDSDK|GCE)_.*"));
    environment.put("CLOUDSDK_CONFIG", folder.resolve("gcloud").toString());
    environment.put("NO_GCE_CHECK", "true");
  }

  @AfterEach
  void stop() {
    google.close();
  }

  @Test
  void theFileThatTheEnvironmentNames() throws Exception {
    environment.put(
        "GOOGLE_APPLICATION_CREDENTIALS", file("key", google.serviceAccount().reveal()));

    assertThat(signature()).isEqualTo("[Bearer a-token]");
  }

  @Test
  void theFileThatTheCommandLineToolWrites() throws Exception {
    Files.createDirectories(folder.resolve("gcloud"));
    file("gcloud/application_default_credentials.json", google.serviceAccount().reveal());

    assertThat(signature()).isEqualTo("[Bearer a-token]");
  }

  @Test
  void aFileThatCannotBeUsedIsNotPassedOver() throws Exception {
    String federation =
        "{\"type\": \"external_account\", \"audience\": \"a\", \"subject_token_type\": \"b\","
            + " \"token_url\": \"no address\", \"credential_source\": {\"file\": \"token\"}}";
    for (String content : List.of("no JSON", "{}", federation)) {
      environment.put("GOOGLE_APPLICATION_CREDENTIALS", file("wrong", content));

      assertThat(signature()).as(content).isEqualTo("something unusable");
    }
  }

  @Test
  void theMachinesServiceAccount() throws Exception {
    environment.remove("NO_GCE_CHECK");
    environment.put("GCE_METADATA_HOST", google.address().replace("http://", ""));

    assertThat(signature()).isEqualTo("[Bearer a-token]");
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

      assertThat(signature()).isEqualTo("nothing");
    } finally {
      for (SocketChannel channel : waiting) {
        channel.close();
      }
    }
    assertThat(took).isLessThan(Duration.ofSeconds(10));
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

  private String file(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content).toString();
  }

  /** What the requests of a block are signed with in this environment. */
  private String signature() throws Exception {
    OwnProcess.Answer answer = process.run(Signature.class);
    took = answer.took();
    return answer.text();
  }
}
