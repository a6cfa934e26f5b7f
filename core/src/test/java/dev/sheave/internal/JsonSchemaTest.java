package dev.sheave.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.block.BlockSchema;
import dev.sheave.block.SecretBlock;
import dev.sheave.infrastructure.ProcessInfrastructure;
import dev.sheave.internal.JsonSchema.BlockPlace;
import dev.sheave.storage.LocalFileSystem;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonSchemaTest {

  private static JsonSchema of(String json) {
    return JsonSchema.of(Json.parseObject(json.replace('\'', '"'), "it"));
  }

  /** What pydantic writes for a model with a nested one, an enumeration and a secret. */
  private static final JsonSchema PYTHON =
      of(
          """
          {'title': 'Parameters', 'type': 'object', 'required': ['colour'],
           'properties': {
             'colour': {'title': 'Colour', 'default': 'red', 'allOf': [{'$ref': '#/definitions/C'}]},
             'point': {'$ref': '#/definitions/P'},
             'either': {'anyOf': [{'type': 'integer'}, {'$ref': '#/definitions/C'}]},
             'pair': {'type': 'array', 'items': [{'type': 'integer'}, {'type': 'string'}]},
             'token': {'type': 'string', 'writeOnly': true, 'format': 'password'},
             'store': {'$ref': '#/definitions/S'},
             'stores': {'anyOf': [{'$ref': '#/definitions/S'}, {'block_type_slug': 'gcs'}]}},
           'definitions': {
             'C': {'title': 'C', 'description': 'A colour.', 'enum': ['red', 'blue']},
             'P': {'type': 'object', 'properties': {'x': {'type': 'number'}},
                   'additionalProperties': false},
             'S': {'type': 'object', 'block_type_slug': 's3'}}}
          """);

  @Test
  void itTellsWhatAFormShows() {
    assertThat(PYTHON.propertyNames())
        .containsExactly("colour", "point", "either", "pair", "token", "store", "stores");
    assertThat(PYTHON.required()).containsExactly("colour");
    JsonSchema colour = PYTHON.property("colour");
    assertThat(colour.title()).isEqualTo("Colour");
    assertThat(colour.description()).isEqualTo("A colour.");
    assertThat(colour.get("default")).isEqualTo("red");
    assertThat(colour.allowed()).containsExactly("red", "blue");
    assertThat(PYTHON.property("token").isSecret()).isTrue();
    assertThat(PYTHON.isSecret("token")).isTrue();
    assertThat(PYTHON.isSecret("colour")).isFalse();
  }

  @Test
  void itFollowsReferencesIntoFieldsElementsAndChoices() {
    JsonSchema point = PYTHON.property("point");
    assertThat(point.property("x").isType("number")).isTrue();
    assertThat(point.forbids("x")).isFalse();
    assertThat(point.forbids("y")).isTrue();
    assertThat(PYTHON.property("either").choices())
        .satisfiesExactly(
            number -> assertThat(number.types()).containsExactly("integer"),
            colour -> assertThat(colour.allowed()).containsExactly("red", "blue"));
    JsonSchema pair = PYTHON.property("pair");
    assertThat(pair.element(1).isType("string")).isTrue();
    assertThat(pair.element(2).types()).isEmpty();
    assertThat(pair.elements()).hasSize(2);
  }

  @Test
  void itFindsPlacesOfBlocks() {
    assertThat(PYTHON.property("store").blockPlace())
        .isEqualTo(new BlockPlace(List.of("s3"), List.of()));
    assertThat(PYTHON.property("stores").blockPlace())
        .isEqualTo(new BlockPlace(List.of("s3", "gcs"), List.of()));
    assertThat(PYTHON.property("point").blockPlace()).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"#/definitions/a~1b~0c", "#/$defs/N"})
  void itFollowsPointers(String pointer) {
    JsonSchema schema =
        of(
            "{'properties': {'x': {'$ref': '"
                + pointer
                + "'}}, 'definitions': {'a/b~c': {'type': 'null'}}, '$defs': {'N': {'type':"
                + " 'null'}}}");

    assertThat(schema.property("x").isType("null")).isTrue();
  }

  @Test
  void whatIsCombinedIsOneSchema() {
    JsonSchema schema =
        of(
            "{'allOf': [{'properties': {'a': {'type': 'string'}}, 'required': ['a']}, {'properties':"
                + " {'a': {'writeOnly': true}, 'b': {'type': 'integer'}}, 'required': ['b']}],"
                + " 'patternProperties': {'^n': {'type': 'number'}}}");

    assertThat(schema.propertyNames()).containsExactly("a", "b");
    assertThat(schema.required()).containsExactly("a", "b");
    assertThat(schema.property("a").isType("string")).isTrue();
    assertThat(schema.property("a").isSecret()).isTrue();
    assertThat(schema.property("n1").isType("number")).isTrue();
    assertThat(schema.property("m").types()).isEmpty();
  }

  @Test
  void aSchemaThatRefersToItselfIsRead() {
    JsonSchema schema =
        of(
            "{'properties': {'x': {'$ref': '#/definitions/A'}}, 'definitions': {'A': {'allOf':"
                + " [{'$ref': '#/definitions/A'}], 'anyOf': [{'$ref': '#/definitions/A'}, {'type':"
                + " 'integer'}]}}}");

    assertThat(schema.property("x").withChoices()).hasSize(3);
    assertThat(schema.property("x").property("y").types()).isEmpty();
  }

  @Test
  void whatItDoesntReadStandsAlone() {
    JsonSchema schema =
        of(
            "{'properties': {'x': {'type': 'integer', 'multipleOf': 2, 'title': 'X'}}, 'definitions':"
                + " {'A': {}}}");

    assertThat(schema.property("x").unread())
        .containsExactly(Map.of("multipleOf", 2, "definitions", Map.of("A", Map.of())));
  }

  @ParameterizedTest
  @ValueSource(classes = {ProcessInfrastructure.class, LocalFileSystem.class, SecretBlock.class})
  void itReadsAllThatOurOwnSchemasSay(Class<?> block) {
    JsonSchema schema = JsonSchema.of(BlockSchema.of(block).fields());

    assertThat(schema.unread()).isEmpty();
    assertThat(schema.properties().values())
        .isNotEmpty()
        .allSatisfy(field -> assertThat(field.unread()).isEmpty());
  }
}
