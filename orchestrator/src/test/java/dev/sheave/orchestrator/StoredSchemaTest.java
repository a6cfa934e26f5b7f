package dev.sheave.orchestrator;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sheave.SheaveException;
import dev.sheave.internal.Json;
import dev.sheave.orchestrator.internal.schema.StoredSchema;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Keywords of other programs' schemas that Sheave doesn't read itself. */
class StoredSchemaTest {

  private static void check(String schema, String values) {
    StoredSchema.check(json(schema), json(values));
  }

  private static Map<String, @Nullable Object> json(String text) {
    return Json.parseObject(text.replace('\'', '"'), "it");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "{'multipleOf': 5}|10|12|'x' doesn't meet its schema: must be multiple of 5.",
        "{'minProperties': 1}|{'a': 1}|{}|'x' doesn't meet its schema: must have at least 1 properties.",
        "{'type': ['string', 'integer']}|1|true|'x' doesn't meet its schema: boolean"
            + " found, [string, integer] expected.",
        "{'format': 'ipv4'}|'1.2.3.4'|'1.2.3'|'x' doesn't meet its schema: does not match the ipv4 pattern must be a valid"
            + " RFC 2673 IP address.",
        "{'not': {'enum': [1]}}|2|1|'x' doesn't meet its schema: must not be valid to the schema {\"enum\":[1]}.",
        "{'propertyNames': {'maxLength': 2}}|{'ab': 1}|{'abc': 1}|'x' doesn't meet its schema: property 'abc' name is not"
            + " valid: must be at most 2 characters long.",
        "{'contains': {'type': 'null'}}|[1, null]|[1]|'x' doesn't meet its schema: does not"
            + " contain an element that passes these validations: {\"type\":\"null\"}.",
        "{'dependencies': {'a': ['b']}}|{'a': 1, 'b': 2}|{'a': 1}|'x' doesn't meet its schema: has an"
            + " error with dependencies {a=[b]}.",
        "{'items': [{}], 'additionalItems': false}|[1]|[1, 2]|'x' doesn't meet its schema: index '1' is not defined in"
            + " the schema and the schema does not allow additional items.",
        "{'allOf': [{'minimum': 1}, {'minimum': 3}]}|3|2|'x' doesn't meet its schema: must have a minimum value of 3.",
        "{'anyOf': [{'type': 'string'}, {'multipleOf': 2}]}|2|3|'x' must be a string or an object,"
            + " not 3.",
        "{'type': 'array', 'items': {'$ref': '#/definitions/Even'}}|[2]|[2, 3]|'x[1]' doesn't meet its schema:"
            + " must be multiple of 2.",
        "{'if': {'minimum': 5}, 'then': {'$ref': '#/definitions/Even'}}|3|7|'x' doesn't meet its"
            + " schema: must be multiple of 2."
      })
  void theyAreChecked(String schema, String right, String wrong, String problem) {
    String parameters =
        "{'properties': {'x': " + schema + "}, 'definitions': {'Even': {'multipleOf': 2}}}";

    assertThatCode(() -> check(parameters, "{'x': " + right + "}")).doesNotThrowAnyException();
    assertThatThrownBy(() -> check(parameters, "{'x': " + wrong + "}"))
        .isInstanceOf(SheaveException.class)
        .hasMessage(problem);
  }

  @Test
  void whatClientsCheckIsLeftToThem() {
    assertThatCode(
            () ->
                check(
                    "{'properties': {'x': {'type': 'integer', 'minimum': 3}, 's': {'uniqueItems':"
                        + " true}}, 'required': ['y']}",
                    "{'x': 'text', 's': [1, 1], 'z': 1}"))
        .doesNotThrowAnyException();
  }

  @Test
  void allProblemsAreSaid() {
    assertThatThrownBy(
            () ->
                check(
                    "{'properties': {'x': {'multipleOf': 2}, 'y': {'multipleOf': 3}}}",
                    "{'x': 1, 'y': 1}"))
        .hasMessage(
            "'x' doesn't meet its schema: must be multiple of 2. 'y' doesn't meet its schema:"
                + " must be multiple of 3.");
  }

  @Test
  void secretsAndBlocksArentLookedAt() {
    String schema =
        "{'properties': {'s': {'type': 'string', 'format': 'password', 'writeOnly': true,"
            + " 'not': {}}, 'b': {'$ref': '#/definitions/B'}}, 'definitions': {'B':"
            + " {'block_type_slug': 'b', 'minProperties': 9}}}";

    assertThatCode(() -> check(schema, "{'s': {'$ref': {'block_document_id': '1'}}, 'b': 'b/x'}"))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'not': {'$ref': 'file:///etc/passwd'}}",
        "{'not': {'$ref': 'http://127.0.0.1:9/x'}}",
        "{'not': {'$ref': 'classpath:draft-07/schema'}}",
        "{'$ref': '#/definitions/Nowhere'}",
        "{'pattern': '(?(1)a|b)'}"
      })
  void aSchemaThatCantBeReadRefusesTheValue(String schema) {
    assertThatThrownBy(() -> check("{'properties': {'x': " + schema + "}}", "{'x': 'a'}"))
        .isInstanceOf(SheaveException.class)
        .hasMessageStartingWith("The schema of 'x' can't be read: ");
  }

  @Test
  void aSchemaThatRefersToItselfEnds() {
    assertThatCode(
            () ->
                check(
                    "{'properties': {'x': {'$ref': '#/definitions/A'}}, 'definitions': {'A':"
                        + " {'anyOf': [{'$ref': '#/definitions/A'}], 'not': {'$ref':"
                        + " '#/definitions/A'}}}}",
                    "{'x': 1}"))
        .isInstanceOf(SheaveException.class)
        .hasMessage("The schema of 'x' can't be read: it refers to itself.");
  }
}
