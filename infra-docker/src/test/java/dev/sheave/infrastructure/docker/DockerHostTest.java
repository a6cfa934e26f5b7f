package dev.sheave.infrastructure.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DockerHostTest {
  /** Of "heart", by {@code sha256sum}. */
  private static final String HEART =
      "3cb968a982080be1d7a5df98dc49673a8c052d2642ef7730b7753cee5b87c3dd";

  @TempDir Path configuration;

  private Map<String, String> environment(String... more) {
    Map<String, String> all = new HashMap<>();
    all.put("DOCKER_CONFIG", configuration.toString());
    for (int i = 0; i < more.length; i += 2) {
      all.put(more[i], more[i + 1]);
    }
    return all;
  }

  @ParameterizedTest
  @CsvSource({
    "unix:///var/run/docker.sock, unix:///var/run/docker.sock",
    "tcp://docker:2376, tcp://docker:2376",
    "docker:2375, tcp://docker:2375",
    "https://docker:2376, tcp://docker:2376",
    "ssh://marvin@docker, ssh://marvin@docker",
  })
  void anAddressIsAsTheCommandHasIt(String text, String url) {
    assertThat(DockerHost.find(text, environment()).url()).hasToString(url);
  }

  @Test
  void theBlocksAddressComesFirst() {
    assertThat(DockerHost.find("tcp://one:1", environment("DOCKER_HOST", "tcp://two:2")))
        .hasToString("tcp://one:1");
    assertThat(DockerHost.find(null, environment("DOCKER_HOST", "tcp://two:2")))
        .hasToString("tcp://two:2");
    assertThatThrownBy(() -> DockerHost.find("ftp://docker", environment()))
        .hasMessageContaining("docker_host");
  }

  @Test
  void certificatesAreThoseThatTheEnvironmentNames() {
    DockerHost host =
        DockerHost.find(
            "tcp://one:1", environment("DOCKER_TLS_VERIFY", "1", "DOCKER_CERT_PATH", "/certs"));
    assertThat(host.tls()).contains(new DockerHost.Tls(Path.of("/certs"), true));
    assertThat(DockerHost.find("tcp://one:1", environment("DOCKER_TLS", "1")).tls())
        .contains(new DockerHost.Tls(configuration, false));
    assertThat(DockerHost.find("tcp://one:1", environment()).tls()).isEmpty();
  }

  @Test
  void aContextNamesTheEngineAndItsCertificates() throws IOException {
    writeContext("{\"docker\": {\"Host\": \"tcp://gold:2376\", \"SkipTLSVerify\": true}}");
    Files.writeString(
        configuration.resolve("config.json"), "{\"currentContext\": \"heart\", \"auths\": {}}");

    DockerHost current = DockerHost.find(null, environment());
    assertThat(current).hasToString("tcp://gold:2376");
    assertThat(current.tls().orElseThrow().isVerified()).isFalse();
    assertThat(DockerHost.find(null, environment("DOCKER_CONTEXT", "default")).url().getScheme())
        .isNotEqualTo("tcp");
    assertThatThrownBy(() -> DockerHost.find(null, environment("DOCKER_CONTEXT", "missing")))
        .hasMessageContaining("'missing' doesn't exist");
  }

  private void writeContext(String endpoints) throws IOException {
    Path meta = configuration.resolve("contexts/meta/" + HEART);
    Files.createDirectories(meta);
    Files.writeString(
        meta.resolve("meta.json"), "{\"Name\": \"heart\", \"Endpoints\": " + endpoints + "}");
    Files.createDirectories(configuration.resolve("contexts/tls/" + HEART + "/docker"));
  }
}
