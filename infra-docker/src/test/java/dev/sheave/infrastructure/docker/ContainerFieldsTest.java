package dev.sheave.infrastructure.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.block.Secret;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused when a block is made, and so when it is saved or overridden. */
class ContainerFieldsTest {
  private static DockerContainer.Builder block() {
    return DockerContainer.builder();
  }

  private static AbstractThrowableAssert<?, ?> assertRefused(DockerContainer.Builder block) {
    return assertThatThrownBy(block::build)
        .isInstanceOfSatisfying(
            SheaveException.class, e -> assertThat(e.code()).isEqualTo(Code.INVALID));
  }

  private static DockerRegistry account(String url) {
    return DockerRegistry.builder()
        .username("marvin")
        .password(Secret.of("wJalrXUtnFEMI"))
        .registryUrl(url)
        .build();
  }

  @Test
  void valuesOfTheWrongFormAreRefused() {
    assertRefused(block().volumes(List.of("/a:b:c:d"))).hasMessageContaining("SOURCE:PATH");
    assertRefused(block().memLimit("much")).hasMessageContaining("mem_limit");
    assertRefused(block().memLimit("64m").memswapLimit("32m"))
        .hasMessageContaining("memswap_limit");
    assertRefused(block().cpus(0.0)).hasMessageContaining("cpus");
    assertRefused(block().extraHosts(List.of("database"))).hasMessageContaining("NAME:ADDRESS");
    assertRefused(block().tmpfs(List.of("tmp"))).hasMessageContaining("/PATH");
    assertRefused(block().stopGrace(Duration.ofSeconds(-1))).hasMessageContaining("stop_grace");
    assertRefused(block().image("Foo Bar")).hasMessageContaining("'image' must be the name");
    assertRefused(block().networks(List.of("heart", ""))).hasMessageContaining("'networks'");
    assertRefused(block().networkMode(" ")).hasMessageContaining("'network_mode'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "0.5", "5m", "6291455"})
  void lessMemoryThanTheEngineGivesIsRefused(String limit) {
    assertRefused(block().memLimit(limit))
        .hasMessage("'mem_limit' must be 6m or more, not '" + limit + "'.");
    assertThat(block().memLimit("6m").build().memLimit()).isEqualTo("6m");
  }

  @ParameterizedTest
  @ValueSource(strings = {"readonly", "bogus", "ro,bogus", "ro,", ",z", "Ro"})
  void anOptionThatVolumesDoNotHaveIsRefused(String options) {
    assertRefused(block().volumes(List.of("/dir:/x:" + options)))
        .hasMessageContaining("'/dir:/x:" + options + "'")
        .hasMessageContaining("the options are: Z, cached, consistent,");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ro,rw", "ro,ro", "z,Z", "cached,delegated", "shared,rprivate"})
  void optionsThatContradictEachOtherAreRefused(String options) {
    assertRefused(block().volumes(List.of("/dir:/x:" + options)))
        .hasMessageContaining("both the options")
        .hasMessageContaining("'/dir:/x:" + options + "'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ro", "rw,z,nocopy,rslave", "ro,Z,cached", "consistent", "private"})
  void theOptionsOfTheDockerCommandAreTaken(String options) {
    assertThat(block().volumes(List.of("/dir:/x:" + options)).build().volumes()).hasSize(1);
  }

  @Test
  void twoMountsAtOnePathAreRefused() {
    String twice = " are mounted at one path; give each a path of its own.";
    assertRefused(block().tmpfs(List.of("/a:size=1m", "/a:size=2m")))
        .hasMessage("'/a:size=1m' and '/a:size=2m'" + twice);
    assertRefused(block().volumes(List.of("/x:/a", "/y:/b/../a/:ro")))
        .hasMessage("'/x:/a' and '/y:/b/../a/:ro'" + twice);
    assertRefused(block().volumes(List.of("/x:/a")).tmpfs(List.of("/a")))
        .hasMessage("'/x:/a' and '/a'" + twice);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/etc/sheave",
        "/etc/sheave/",
        "/etc//sheave",
        "/etc/sheave/api-key",
        "/etc",
        "/etc/ssl/.."
      })
  void aMountThatTakesTheKeysPlaceIsRefused(String path) {
    assertRefused(block().volumes(List.of("/x:" + path + ":ro")))
        .hasMessageStartingWith("'volumes' can't mount anything at '/etc")
        .hasMessageEndingWith(
            "', because the run's API key is at '/etc/sheave/api-key'; choose another path.");
    assertRefused(block().tmpfs(List.of(path + ":size=1m"))).hasMessageStartingWith("'tmpfs' ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/etc/sheave/certs", "/etc/sheave2", "/etc/ssl"})
  void aMountBesideTheKeyIsTaken(String path) {
    assertThat(block().volumes(List.of("/x:" + path)).build().volumes()).hasSize(1);
  }

  @Test
  void allThatIsWrongIsToldAtOnce() {
    assertThatThrownBy(
            block()
                    .image("Foo Bar")
                    .memLimit("much")
                    .memswapLimit("32m")
                    .cpus(0.0)
                    .volumes(List.of("/a", "/x:/etc/sheave"))
                    .tmpfs(List.of("tmp"))
                    .extraHosts(List.of("database", "heart"))
                    .networks(List.of(""))
                    .networkMode(" ")
                ::build)
        .isInstanceOfSatisfying(
            SheaveException.class,
            e ->
                assertThat(e.problems())
                    .extracting(SheaveException.Problem::path)
                    .containsExactly(
                        "image",
                        "networks",
                        "network_mode",
                        "mem_limit",
                        "cpus",
                        "volumes",
                        "volumes",
                        "tmpfs",
                        "extra_hosts",
                        "extra_hosts"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1:25101/x/y:1", "busybox", "registry.corp.example:5000/x"})
  void anImageOfAnotherRegistryThanTheAccountsIsRefused(String image) {
    DockerRegistry corp = account("https://registry.corp.example");

    assertRefused(block().image(image).imageRegistry(corp))
        .hasMessageContaining("'image' '" + image + "' is in the registry '")
        .hasMessageContaining("an account at 'registry.corp.example'")
        .hasMessageNotContaining("wJalrXUtnFEMI");
    DockerContainer.Builder local = block().imagePullPolicy(ImagePullPolicy.NEVER);
    assertThat(local.image(image).imageRegistry(corp).build().image()).isEqualTo(image);
  }

  @Test
  void anAccountMayWaitForAnImageOfItsRegistry() {
    DockerRegistry corp = account("https://registry.corp.example");

    DockerContainer base = block().imageRegistry(corp).build();
    assertThat(base.toBuilder().image("registry.corp.example/x").build().imageRegistry())
        .isEqualTo(corp);
  }
}
