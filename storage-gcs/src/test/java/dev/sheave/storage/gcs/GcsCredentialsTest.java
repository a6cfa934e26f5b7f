package dev.sheave.storage.gcs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The default credentials: each place where Google's library finds one. */
class GcsCredentialsTest {
  private static final int LONGEST_SECONDS = 60;

  @TempDir Path folder;

  private final Map<String, String> environment = new HashMap<>();
  private FakeGoogle google;
  private long millis;

  @BeforeEach
  void start() {
    google =
        FakeGoogle.answering(
            200,
            "{\"access_token\": \"a-token\", \"token_type\": \"Bearer\", \"expires_in\": 3600}");
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
    assertThat(millis).isLessThan(10_000);
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
    Path output = folder.resolve("output");
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Duser.home=" + folder,
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                CredentialsProgram.class.getName())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("GOOGLE_"));
    builder.environment().put("HOME", folder.toString());
    builder.environment().putAll(environment);
    Process process = builder.start();
    try {
      assertThat(process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    List<String> lines = Files.readAllLines(output);
    assertThat(process.exitValue()).as(() -> String.join("\n", lines)).isZero();
    millis = Long.parseLong(lines.get(lines.size() - 2));
    return lines.get(lines.size() - 1);
  }
}
