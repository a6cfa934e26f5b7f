package dev.sheave.block.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.block.internal.ParameterSchema.Places;
import dev.sheave.internal.Json;
import java.util.Map;
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
}
