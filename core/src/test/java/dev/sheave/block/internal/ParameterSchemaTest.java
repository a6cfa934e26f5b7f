package dev.sheave.block.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.block.Secret;
import dev.sheave.block.internal.ParameterSchema.Places;
import dev.sheave.flow.Flow;
import dev.sheave.flow.FlowDefinition;
import dev.sheave.internal.Json;
import java.lang.reflect.Method;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Values checked by schemas that other programs wrote. */
class ParameterSchemaTest {

  private static String problems(String schema, String value) {
    Problems problems = new Problems();
    new ParameterSchema(
            Json.parseObject(
                ("{'properties': {'x': "
                        + schema
                        + "}, 'definitions': {'A': {'anyOf': [{'$ref': '#/definitions/A'}, {'type':"
                        + " 'integer'}]}}}")
                    .replace('\'', '"'),
                "schema"))
        .check(
            "flow 'f'",
            Map.of("x", Json.parse(value.replace('\'', '"'), "value")),
            Places.UNTOUCHED,
            problems);
    return problems.toString();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "{'anyOf': [{'type': 'integer'}, {'type': 'null'}]}|1|true|'x' must be a whole number or"
            + " null, not true.",
        "{'$ref': '#/definitions/A'}|1|true|'x' must be an object or a whole number, not true.",
        "{'patternProperties': {'^n_': {'type': 'integer'}}, 'additionalProperties': false}|{'n_a':"
            + " 1}|{'m': 1}|There is no field 'x.m'.",
        "{'patternProperties': {'^n_': {'type': 'integer'}}}|{'m': 'a'}|{'n_a': true}|'x.n_a' must"
            + " be a whole number, not true.",
        "{'allOf': [{'properties': {'a': {'type': 'integer'}}}, {'required': ['a']}]}|{'a':"
            + " 1}|{'a': true}|'x.a' must be a whole number, not true.",
        "{'type': 'string', 'pattern': '^(?P<year>[0-9]{4})\\\\Z'}|'2026'|'26'|'x' must be like"
            + " the pattern ^(?P<year>[0-9]{4})\\Z, not '26'."
      })
  void theyAreChecked(String schema, String right, String wrong, String problem) {
    assertThat(problems(schema, right)).isEmpty();
    assertThat(problems(schema, wrong)).isEqualTo(problem);
  }

  /** An enumeration. */
  public enum Colour {
    RED
  }

  /** A record. */
  public record Inner(int number, Set<String> texts) {}

  /** A flow with a parameter of each type. */
  public static class Flows {
    @Flow
    public static void flow(
        int whole,
        BigInteger big,
        double number,
        BigDecimal decimal,
        boolean flag,
        Instant instant,
        LocalDate date,
        LocalTime time,
        LocalDateTime local,
        ZoneId zone,
        Duration duration,
        UUID id,
        URI address,
        Path path,
        Colour colour,
        List<Inner> inner,
        Map<String, Integer> map,
        @Nullable String text,
        Secret secret) {}
  }

  /** Where there is no keyword of others, the orchestrator needs no validator. */
  @Test
  void allThatOurOwnSchemasSayIsRead() {
    Method method = Flows.class.getDeclaredMethods()[0];
    Map<String, Object> values =
        Json.object("whole", 1, "big", 1, "number", 1.5, "decimal", "1.5", "flag", true);
    values.putAll(
        Json.object(
            "instant", "2030-01-01T00:00:00Z",
            "date", "2030-01-01",
            "time", "12:00:00",
            "local", "2030-01-01T00:00:00",
            "zone", "UTC",
            "duration", 5,
            "id", new UUID(1, 2).toString(),
            "address", "https://example.org",
            "path", "/tmp",
            "colour", "RED",
            "inner", List.of(Json.object("number", 1, "texts", List.of("a", "a"))),
            "map", Map.of("a", 1),
            "text", "t",
            "secret", "s"));
    List<Object> unread = new ArrayList<>();

    new ParameterSchema(FlowDefinition.of(method).parameterSchema())
        .checkKeywords(
            values, (schema, value, path, problems) -> unread.add(schema), new Problems());

    assertThat(values).hasSize(method.getParameterCount());
    assertThat(unread).isEmpty();
  }
}
