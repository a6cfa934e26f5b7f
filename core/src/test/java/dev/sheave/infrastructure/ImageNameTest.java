package dev.sheave.infrastructure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageNameTest {
  private static final String DIGEST = "@sha256:" + "0123456789abcdef".repeat(4);

  @ParameterizedTest
  @CsvSource({
    "busybox, ",
    "library/busybox:1, ",
    "sheave/sheave:0.1.0-SNAPSHOT, ",
    "a__b/c---d/e.f:_Tag, ",
    "docker.io/library/busybox, docker.io",
    "localhost/flows, localhost",
    "registry:5000/flows:1, registry:5000",
    "Registry.Example.com/team/flows, Registry.Example.com",
    "[::1]:5000/flows, [::1]:5000",
  })
  void theRegistryIsTheHostBeforeThePath(String text, String registry) {
    ImageName image = ImageName.parse(text, "image");
    assertThat(image.registry().orElse(null)).isEqualTo(registry);
    assertThat(image).hasToString(text);
    assertThat(ImageName.parse(text + DIGEST, "image").registry()).isEqualTo(image.registry());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        " busybox",
        "Foo Bar",
        "a:b:c",
        "Flows:1",
        "Team/flows",
        "flows:",
        "flows:-1",
        "flows@sha256:12",
        "/flows",
        "team//flows",
        "flows/",
        "registry.example.com/",
        "registry.example.com:port/flows",
        "-registry.example.com/flows",
        "https://registry.example.com/flows",
        "a..b",
        "a___b",
        "flows\n",
      })
  void whatIsNoNameOfAnImageIsRefused(String text) {
    assertThatThrownBy(() -> ImageName.parse(text, "base"))
        .isInstanceOfSatisfying(
            SheaveException.class, e -> assertThat(e.code()).isEqualTo(Code.INVALID))
        .hasMessageContaining("'base' must be the name of an image")
        .hasMessageContaining("not '" + text + "'.");
  }

  @Test
  void theDefaultImageHasAName() {
    assertThat(ImageName.parse(InfrastructureBlock.defaultImage(), "image").registry()).isEmpty();
  }
}
