package dev.sheave.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.sheave.block.Samples.Creds;
import dev.sheave.block.Samples.Polite;
import dev.sheave.block.Samples.Secrets;
import dev.sheave.block.Samples.Token;
import dev.sheave.block.Samples.Vault;
import dev.sheave.internal.Json;
import dev.sheave.internal.Yaml;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A secret is shown nowhere, in whatever place of a block it is. */
class SecretsTest {
  private static final String MARKER = "canary-4711";

  private static final Blocks BLOCKS =
      WithoutStore.blocks(Secrets.class, Creds.class, Polite.class, SecretBlock.class);

  private static Secrets secrets() {
    Secret marker = Secret.of(MARKER);
    Map<String, @Nullable Object> settings = new LinkedHashMap<>();
    settings.put("key", MARKER);
    settings.put("port", 4711);
    settings.put("none", null);
    settings.put("empty", "");
    settings.put("deep", Map.of("er", List.of(MARKER, Map.of("still", MARKER))));
    return new Secrets(
        marker,
        Secret.of(MARKER),
        Optional.of(marker),
        List.of(marker, marker),
        Map.of("name", marker),
        SecretMap.of(settings),
        new Vault("label", marker, new Vault("inner", marker, null)),
        List.of(new Vault("a", marker, null)),
        new Token(marker),
        new Creds("me", marker, 1),
        new Polite(marker),
        List.of(new Creds("you", marker, 2)),
        Map.of("b", new Vault("b", marker, null)),
        Map.of("they", new Creds("they", marker, 3)),
        List.of(Map.of("name", marker)));
  }

  /** The rows of the leak table, with what stands there. */
  static Stream<Arguments> cells() {
    String mask = "********";
    Map<String, @Nullable Object> settings = new LinkedHashMap<>();
    settings.put("key", mask);
    settings.put("port", mask);
    settings.put("none", null);
    settings.put("empty", mask);
    settings.put("deep", Map.of("er", List.of(mask, Map.of("still", mask))));
    return Stream.of(
        Arguments.of("plain", mask),
        Arguments.of("nullable", mask),
        Arguments.of("optional", mask),
        Arguments.of("list", List.of(mask, mask)),
        Arguments.of("map", Map.of("name", mask)),
        Arguments.of("settings", settings),
        Arguments.of("vault", vault("label", vault("inner", null))),
        Arguments.of("vaults", List.of(vault("a", null))),
        Arguments.of("auth", Map.of("type", "token", "token", mask)),
        Arguments.of("creds", creds("me", 1)),
        Arguments.of("greeter", Map.of("word", mask, "block_type_slug", "polite")),
        Arguments.of("many_creds", List.of(creds("you", 2))),
        Arguments.of("named_vaults", Map.of("b", vault("b", null))),
        Arguments.of("named_creds", Map.of("they", creds("they", 3))),
        Arguments.of("maps", List.of(Map.of("name", mask))));
  }

  private static Map<String, @Nullable Object> vault(String label, @Nullable Object inner) {
    Map<String, @Nullable Object> vault = new LinkedHashMap<>();
    vault.put("label", label);
    vault.put("key", "********");
    vault.put("inner", inner);
    return vault;
  }

  private static Map<String, Object> creds(String user, int port) {
    return Map.of(
        "user", user, "password", "********", "port", port, "block_type_slug", "my-creds");
  }

  @ParameterizedTest
  @MethodSource("cells")
  void everyPlaceIsMasked(String field, Object masked) {
    assertThat(BLOCKS.values(secrets()).get(field)).isEqualTo(masked);
  }

  @Test
  void allPlacesAreInTheTable() {
    assertThat(cells().map(cell -> cell.get()[0]))
        .containsExactlyElementsOf(
            BLOCKS.values(secrets()).keySet().stream().map(x -> (Object) x).toList());
  }

  @Test
  void theStoreGetsThemAndAViewGetsAsManyMasks() {
    String stored = Json.write(WithoutStore.stored(secrets()));

    assertThat(stored.split(MARKER, -1)).hasSize(19 + 1);
    // two more: the settings' port and their empty text
    assertThat(secrets().toString().split("\\*{8}", -1)).hasSize(21 + 1);
  }

  @Test
  void noViewShowsOne() {
    Secrets block = secrets();
    assertThat(block.toString()).contains("********").doesNotContain(MARKER);
    assertThat(Json.write(BLOCKS.values(block))).doesNotContain(MARKER).doesNotContain("4711");
    assertThat(Yaml.write(BLOCKS.values(block))).doesNotContain(MARKER).doesNotContain("4711");
    assertThat(String.valueOf(block.settings)).doesNotContain(MARKER).contains("deep");
    assertThat(block.vault.toString()).doesNotContain(MARKER);
    assertThat(String.valueOf(Map.of("x", block.list))).doesNotContain(MARKER);
    assertThat(block.displayName()).isEqualTo("secrets");
  }

  @Test
  void anEmptySecretAndALongOneLookTheSame() {
    assertThat(new SecretBlock(Secret.of(""))).hasToString("SecretBlock[{value=********}]");
    assertThat(new SecretBlock(Secret.of("x".repeat(99))))
        .hasToString("SecretBlock[{value=********}]");
    assertThat(SecretMap.EMPTY).hasToString("{}");
  }

  /** Secrets where something else should be: half-typed JSON, a list for a text. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"plain\": [\"canary-4711\"]}",
        "{\"plain\": {\"value\": \"canary-4711\"}}",
        "{\"plain\": 4711}",
        "{\"list\": \"canary-4711\"}",
        "{\"map\": \"canary-4711\"}",
        "{\"settings\": \"canary-4711\"}",
        "{\"vault\": \"canary-4711\"}",
        "{\"vaults\": {\"key\": \"canary-4711\"}}",
        "{\"auth\": \"canary-4711\"}",
        "{\"auth\": {\"type\": \"canary-4711\"}}",
        "{\"creds\": \"canary-4711\"}",
        "{\"creds\": \"canary+4711/K7MDENG\"}",
        "{\"greeter\": \"canary-4711/k7/m\"}",
        "{\"many_creds\": \"canary-4711\"}"
      })
  void noMessageRepeatsOne(String json) {
    Map<String, @Nullable Object> values = WithoutStore.stored(secrets());
    values.putAll(Json.parseObject(json, "the example"));

    assertThat(everythingSaidBy(catchThrowable(() -> BLOCKS.create("secrets", values))))
        .contains("must be")
        .doesNotContain("4711");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"list", "map", "settings", "vault", "vaults", "auth", "creds", "many_creds"})
  void noMessageRepeatsWhatSomebodyTyped(String field) {
    assertThat(
            everythingSaidBy(
                catchThrowable(
                    () -> BLOCKS.with(secrets(), Map.of(field, "{\"key\": canary-4711")))))
        .contains("'" + field + "' must be")
        .doesNotContain("4711");
  }

  @Test
  void aTextThatIsNoJsonIsNotQuoted() {
    assertThat(everythingSaidBy(catchThrowable(() -> Json.parse("[canary4711", "The file"))))
        .contains("The file isn't JSON: line 1, column")
        .doesNotContain("canary4711");
    assertThat(everythingSaidBy(catchThrowable(() -> Yaml.parse("a: b: canary4711", "The file"))))
        .contains("The file isn't YAML, line 1, column")
        .doesNotContain("canary4711");
  }

  private static String everythingSaidBy(@Nullable Throwable thrown) {
    StringWriter said = new StringWriter();
    Objects.requireNonNull(thrown, "nothing was thrown").printStackTrace(new PrintWriter(said));
    return said.toString();
  }

  @Test
  void aMaskIsNoSecret() {
    for (Map.Entry<String, Object> given :
        Map.<String, Object>of(
                "plain", "********",
                "list", List.of("x", "**********"),
                "map", Map.of("a", "********"),
                "settings", Map.of("a", Map.of("b", "********")),
                "auth", Map.of("type", "token", "token", "********"),
                "creds", creds("me", 1),
                "greeter", Map.of("word", "********", "block_type_slug", "polite"))
            .entrySet()) {
      Map<String, @Nullable Object> values = WithoutStore.stored(secrets());
      values.put(given.getKey(), given.getValue());

      assertThatThrownBy(() -> BLOCKS.create("secrets", values))
          .hasMessageStartingWith("'" + given.getKey())
          .hasMessageEndingWith(
              "is a mask and not the secret itself; set the secret, or save the block and refer"
                  + " to it by name.");
    }
  }

  @Test
  void onlyEightAsterisksOrMoreAreAMask() {
    assertThat(Secret.isMask("********")).isTrue();
    assertThat(Secret.isMask("**********")).isTrue();
    assertThat(Secret.isMask("*******")).isFalse();
    assertThat(Secret.isMask("********x")).isFalse();
    assertThat(Secret.isMask("")).isFalse();
  }

  @Test
  void secretsAreEqualByTheirTexts() {
    assertThat(Secret.of("a")).isEqualTo(Secret.of("a")).hasSameHashCodeAs(Secret.of("a"));
    assertThat(Secret.of("a")).isNotEqualTo(Secret.of("b")).isNotEqualTo("a");
    assertThat(SecretMap.of(Map.of("a", 1L))).isEqualTo(SecretMap.of(Map.of("a", 1)));
  }

  @Test
  @SuppressWarnings("NullAway") // what an unset environment variable gives a program without checks
  void aSecretHasAText() {
    assertThatThrownBy(() -> Secret.of(null)).hasMessage("The value of a secret must not be null.");
  }

  @Test
  void theTypesOfASecretMapsLeavesAreKept() {
    SecretMap map =
        SecretMap.of(Map.of("number", 1, "truth", true, "list", Arrays.asList(1.5, null)));

    assertThat(map.map(Secret::reveal)).isEqualTo(map.reveal());
    assertThat(map.map(secret -> "x"))
        .isEqualTo(Map.of("number", "x", "truth", "x", "list", Arrays.asList("x", null)));
  }
}
