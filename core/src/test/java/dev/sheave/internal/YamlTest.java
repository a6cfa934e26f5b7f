package dev.sheave.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class YamlTest {

  /** What readers of some version of YAML take for a number, a truth, a date or nothing. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "yes",
        "No",
        "ON",
        "off",
        "y",
        "N",
        "true",
        "False",
        "null",
        "NULL",
        "~",
        "",
        "1",
        "-1",
        "+1",
        "1.5",
        ".5",
        "1e3",
        "1E+3",
        "0x1F",
        "0o17",
        "017",
        "0b101",
        "1_000",
        "12:30:45",
        "190:20:30",
        "2023-01-01",
        "2023-01-01T12:00:00Z",
        ".inf",
        "-.INF",
        ".nan",
        "<<",
        "=",
        "---",
        "...",
        "-",
        "?",
        ":",
        "a: b",
        "a #b",
        "#a",
        "&a",
        "*a",
        "!a",
        "|",
        ">",
        "'a'",
        "\"a\"",
        "%a",
        "@a",
        "`a",
        "[a]",
        "{a}",
        "a:",
        " a",
        "a ",
        "\ta",
        "_1",
        "e1"
      })
  void aTextStaysATextForAnyReader(String text) {
    String yaml = Yaml.write(Map.of("key", text));

    assertThat(yaml).startsWith("key: \"").endsWith("\"\n");
    assertThat(Yaml.parse(yaml, "it").value()).isEqualTo(Map.of("key", text));
    assertThat(Yaml.parse(Yaml.write(Map.of(text, 1)), "it").value()).isEqualTo(Map.of(text, 1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"log-flow", "path/to/File.java:logFlow", "s3/log-test", "./a.b", "two words"})
  void plainWordsStandPlainly(String text) {
    assertThat(Yaml.write(Map.of("key", text))).isEqualTo("key: " + text + "\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "two\nlines",
        "ends\n",
        "ends twice\n\n",
        "\nstarts",
        "  indented\nless",
        "trailing  \nblank",
        "tab\there\nand",
        "\r\n",
        "a\r\nb",
        "\u0085",
        "\u2028",
        "😀\né",
        "\u0000",
        "a\u0007b\n",
        "# no comment\n# either\n",
        "- no\n- list\n",
        "key: no\nmap: at all\n"
      })
  void textsOfSeveralLinesComeBackByteForByte(String text) {
    assertThat(Yaml.parse(Yaml.write(Map.of("key", text)), "it").value())
        .isEqualTo(Map.of("key", text));
  }

  @Test
  void everyJsonValueComesBack() {
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    values.put("null", null);
    values.put("list", Arrays.asList(1, null, 2.5, true, "x", List.of(), Map.of()));
    values.put("long", Long.MAX_VALUE);
    values.put("deep", Map.of("er", Map.of("still", List.of(Map.of("a", 1)))));

    assertThat(Yaml.parse(Yaml.write(values), "it").value()).isEqualTo(values);
  }

  @Test
  void aMistakeIsSaidWithItsPlace() {
    assertThatThrownBy(() -> Yaml.parse("a: 1\nb: [1", "The file"))
        .hasMessageStartingWith("The file isn't YAML, line ");
    assertThatThrownBy(() -> Yaml.parse("a: 1\na: 2", "The file"))
        .hasMessage("The file, line 2, column 1: duplicate key 'a'; it is also in line 1.");
  }

  @Test
  void topLevelKeysHavePositions() {
    Yaml.Document document = Yaml.parse("# c\nname: x\nin:\n  name: y\nlast: z\n", "it");

    assertThat(document.position("name")).isEqualTo(", line 2, column 1");
    assertThat(document.position("last")).isEqualTo(", line 5, column 1");
    assertThat(document.position("none")).isEmpty();
  }

  @Test
  void halfOfACharacterIsRefused() {
    assertThatThrownBy(() -> Yaml.parse("a: 1\nb: \"x\\ud800\"\n", "The file"))
        .hasMessage(
            "The file, line 2, column 4: a text has half of a character, an unpaired surrogate.");
  }
}
