package dev.sheave.infrastructure.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.block.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RegistryLoginTest {
  @TempDir Path configuration;

  private String login(String image, String json) throws IOException {
    Files.writeString(configuration.resolve("config.json"), json);
    return RegistryLogin.find(image, null, Map.of("DOCKER_CONFIG", configuration.toString()))
        .map(RegistryLoginTest::decoded)
        .orElse("none");
  }

  private static String decoded(RegistryLogin login) {
    return new String(Base64.getUrlDecoder().decode(login.header()), StandardCharsets.UTF_8);
  }

  static DockerRegistry accountAt(String url) {
    return DockerRegistry.builder()
        .username("marvin")
        .password(Secret.of("wJalrXUtnFEMI"))
        .registryUrl(url)
        .build();
  }

  @ParameterizedTest
  @CsvSource({
    "busybox, https://index.docker.io/v1/",
    "library/busybox:1, https://index.docker.io/v1/",
    "docker.io/library/busybox, https://index.docker.io/v1/",
    "localhost/flows, localhost",
    "registry:5000/flows:1, registry:5000",
    "registry.example.com/sheave:1, registry.example.com",
  })
  void theRegistryIsTheHostInTheName(String image, String registry) {
    assertThat(RegistryLogin.registryOf(image)).isEqualTo(registry);
  }

  @Test
  void theBlocksAccountComesFirst() {
    DockerRegistry account =
        DockerRegistry.builder()
            .username("marvin")
            .password(Secret.of("wJalrXUtnFEMI"))
            .registryUrl("https://registry.example.com")
            .build();

    assertThat(
            decoded(RegistryLogin.find("registry.example.com/a", account, Map.of()).orElseThrow()))
        .isEqualTo(
            "{\"username\":\"marvin\",\"password\":\"wJalrXUtnFEMI\",\"serveraddress\":\"https://registry.example.com\"}");
  }

  @ParameterizedTest
  @CsvSource({
    "registry.example.com/a, https://registry.example.com, true",
    "registry.example.com/a, registry.example.com, true",
    "registry.example.com/a, https://Registry.Example.com/v2/, true",
    "registry.example.com:443/a, https://registry.example.com, true",
    "registry.example.com:5000/a, registry.example.com:5000, true",
    "127.0.0.1:5000/a, http://127.0.0.1:5000, true",
    "busybox, '', true",
    "busybox, docker.io, true",
    "marvin/flows, https://index.docker.io/v1/, true",
    "docker.io/marvin/flows, https://registry-1.docker.io, true",
    "registry-1.docker.io/marvin/flows, https://registry.hub.docker.com, true",
    "registry.example.com/a, '', false",
    "registry.example.com/a, https://, false",
    "registry.example.com/a, https://example.com, false",
    "registry.example.com/a, https://registry.example.com@other.test, false",
    "registry.example.com:5000/a, https://registry.example.com, false",
    "other.test/registry.example.com/a, https://registry.example.com, false",
    "docker.io.other.test/a, docker.io, false",
    "busybox, https://registry.example.com, false",
  })
  void anAccountIsForImagesOfItsRegistryAlone(String image, String url, boolean isFor) {
    DockerRegistry account = accountAt(url);

    assertThat(RegistryLogin.isFor(account, image)).isEqualTo(isFor);
    assertThat(
            RegistryLogin.find(image, account, Map.of("DOCKER_CONFIG", configuration.toString())))
        .matches(found -> found.isPresent() == isFor);
  }

  @Test
  void theConfigurationHasAccountsByRegistry() throws IOException {
    String auth = Base64.getEncoder().encodeToString("marvin:a:b".getBytes(StandardCharsets.UTF_8));
    String json =
        "{\"auths\": {\"registry.example.com\": {\"auth\": \""
            + auth
            + "\"}, \"https://token.test\": {\"identitytoken\": \"t\"}}}";

    assertThat(login("registry.example.com/a", json)).contains("\"marvin\"").contains("\"a:b\"");
    assertThat(login("token.test/a", json)).contains("\"identitytoken\":\"t\"");
    assertThat(login("other.test/a", json)).isEqualTo("none");
  }

  @Test
  void aHelperThatIsNotThereIsSaid() {
    String json = "{\"credHelpers\": {\"registry.example.com\": \"no-such-helper\"}}";

    assertThatThrownBy(() -> login("registry.example.com/a", json))
        .isInstanceOfSatisfying(
            SheaveException.class, e -> assertThat(e.code()).isEqualTo(Code.PERMISSION_DENIED))
        .hasMessageContaining("docker-credential-no-such-helper");
  }
}
