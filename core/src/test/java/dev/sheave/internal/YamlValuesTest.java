package dev.sheave.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.internal.YamlNode.Mapping;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a text is wanted, it is what was typed. */
class YamlValuesTest {
  private static final Map<String, @Nullable Object> SCHEMA =
      Json.parseObject(
          """
          {
            "properties": {
              "text": {"type": "string"},
              "date": {"type": "string", "format": "date"},
              "maybe": {"anyOf": [{"type": "string"}, {"type": "null"}]},
              "choice": {"enum": ["1", "yes"]},
              "either": {"anyOf": [{"type": "string"}, {"type": "integer"}]},
              "number": {"type": "number"},
              "truth": {"type": "boolean"},
              "any": {},
              "env": {"type": "object", "additionalProperties": {"type": "string"}},
              "list": {"type": "array", "items": {"type": "string"}},
              "pool": {"allOf": [{"$ref": "#/definitions/Pool"}]},
              "pools": {"type": "array", "items": {"$ref": "#/definitions/Pool"}},
              "settings": {"type": "object"}
            },
            "secret_fields": ["settings.*"],
            "definitions": {
              "Pool": {"properties": {"name": {"type": "string"}, "size": {"type": "integer"}}}
            }
          }
          """,
          "schema");

  private static Map<String, @Nullable Object> read(String yaml) {
    if (Yaml.parse(yaml, "it").root() instanceof Mapping mapping) {
      return YamlValues.read(mapping, SCHEMA);
    }
    throw new AssertionError("no object: " + yaml);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.10",
        "12e4567",
        "1e3",
        "007",
        "08",
        "yes",
        "No",
        "on",
        "true",
        "0x1F",
        "0o17",
        "017",
        "1_000",
        "2024-01-02",
        "2024-01-02T03:04:05Z",
        "12:30:45",
        ".inf",
        "-.INF",
        ".nan",
        "+1",
        "nil",
        "None",
        "-0",
        "1.0e+3",
        "=",
        "1234567890123456789012345678901234567890"
      })
  void aTextIsWhatWasTyped(String typed) {
    Map<String, @Nullable Object> values =
        read(
            """
            text: TYPED
            date: TYPED
            maybe: TYPED
            choice: TYPED
            env.A: TYPED
            env: {B: TYPED}
            list: [TYPED]
            pool: {name: TYPED}
            pools: [{name: TYPED}]
            pool.name: TYPED
            """
                .replace("TYPED", typed));

    assertThat(values)
        .isEqualTo(
            Map.of(
                "text", typed,
                "date", typed,
                "maybe", typed,
                "choice", typed,
                "env.A", typed,
                "env", Map.of("B", typed),
                "list", List.of(typed),
                "pool", Map.of("name", typed),
                "pools", List.of(Map.of("name", typed)),
                "pool.name", typed));
  }

  @Test
  void otherValuesAreThoseOfYaml() {
    assertThat(read("{number: 1.10, truth: on, any: 0x1F, either: 7, pool: {size: 0b11}}"))
        .isEqualTo(
            Map.of(
                "number", 1.1, "truth", true, "any", 31, "either", 7, "pool", Map.of("size", 3)));
  }

  @Test
  void nullStaysNull() {
    Map<String, @Nullable Object> nothing = new LinkedHashMap<>();
    nothing.put("A", null);

    assertThat(read("{env: {A: null}, text: ~, list: [Null, 'null']}"))
        .containsEntry("env", nothing)
        .containsEntry("text", null)
        .containsEntry("list", Arrays.asList(null, "null"));
  }

  @Test
  void aPasswordMayLookLikeANumber() {
    assertThat(read("settings: {password: 007, pin: 1.10, port: 22, in: {token: 0x1F}, on: yes}"))
        .isEqualTo(
            Map.of(
                "settings",
                Map.of(
                    "password",
                    "007",
                    "pin",
                    "1.10",
                    "port",
                    22,
                    "in",
                    Map.of("token", "0x1F"),
                    "on",
                    "yes")));
  }
}
