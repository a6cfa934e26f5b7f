package dev.sheave.testkit.orchestration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import dev.sheave.SheaveException.Code;
import dev.sheave.api.BlockApi.BlockDocumentFilter;
import dev.sheave.api.BlockDocumentRecord;
import dev.sheave.api.BlockSchemaRecord;
import dev.sheave.api.Page;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The contract of secrets in block documents in {@link dev.sheave.api.BlockApi}. */
public abstract class BlockSecretContract extends OrchestrationContract {
  private static final String MASK = "********";
  private static final Map<String, @Nullable Object> PASSWORD =
      json("type", "string", "format", "password", "writeOnly", true);

  /** For the test of an implementation. */
  protected BlockSecretContract() {}

  /** Every shape in which a block can hold secrets: the schema, what is stored, what is shown. */
  static Stream<Arguments> shapes() {
    return Stream.of(
        argumentSet(
            "a field", paths("x"), json("x", "s3cret", "y", "y"), json("x", MASK, "y", "y")),
        argumentSet("an empty secret", paths("x"), json("x", ""), json("x", MASK)),
        argumentSet("no secret", paths("x"), json("x", null), json("x", null)),
        argumentSet("a number", paths("x"), json("x", 42), json("x", MASK)),
        argumentSet(
            "a nested model",
            paths("child.a"),
            json("child", json("a", "s3cret", "b", "b")),
            json("child", json("a", MASK, "b", "b"))),
        argumentSet(
            "a map of secrets",
            paths("sd.*"),
            json("sd", json("a", "s3cret", "b", null, "c", json("d", "s3cret", "e", List.of(1)))),
            json("sd", json("a", MASK, "b", null, "c", json("d", MASK, "e", List.of(MASK))))),
        argumentSet(
            "an empty map of secrets", paths("sd.*"), json("sd", json()), json("sd", json())),
        argumentSet(
            "a string where a map of secrets is expected",
            paths("sd.*"),
            json("sd", "s3cret"),
            json("sd", MASK)),
        argumentSet(
            "a map whose own path is listed",
            paths("d"),
            json("d", json("a", "s3cret")),
            json("d", json("a", MASK))),
        argumentSet(
            "a list of secrets",
            paths("l.*"),
            json("l", Arrays.asList("s3cret", null, "")),
            json("l", Arrays.asList(MASK, null, MASK))),
        argumentSet(
            "a list whose own path is listed",
            paths("l"),
            json("l", List.of("s3cret", List.of("s3cret"))),
            json("l", List.of(MASK, List.of(MASK)))),
        argumentSet(
            "a list of models",
            paths("l.*.a"),
            json("l", List.of(json("a", "s3cret", "b", "b"))),
            json("l", List.of(json("a", MASK, "b", "b")))),
        argumentSet(
            "a list of models, its path without a star",
            paths("l.a"),
            json("l", List.of(json("a", "s3cret", "b", "b"))),
            json("l", List.of(json("a", MASK, "b", "b")))),
        argumentSet(
            "a map of models",
            paths("m.*.a"),
            json("m", json("k", json("a", "s3cret", "b", "b"))),
            json("m", json("k", json("a", MASK, "b", "b")))),
        argumentSet(
            "a map of secrets that the schema alone marks",
            properties("d", json("type", "object", "additionalProperties", PASSWORD)),
            json("d", json("k", "s3cret")),
            json("d", json("k", MASK))),
        argumentSet(
            "a list of secrets that the schema alone marks",
            properties("l", json("type", "array", "items", PASSWORD)),
            json("l", List.of("s3cret")),
            json("l", List.of(MASK))),
        argumentSet(
            "a list of models that the schema alone marks",
            properties("l", json("type", "array", "items", json("$ref", "#/definitions/Child"))),
            json("l", List.of(json("a", "s3cret", "b", "b"))),
            json("l", List.of(json("a", MASK, "b", "b")))),
        argumentSet(
            "a union that the schema alone marks",
            properties(
                "u",
                json(
                    "anyOf",
                    List.of(json("$ref", "#/definitions/Child"), json("type", "integer")))),
            json("u", json("a", "s3cret", "b", "b")),
            json("u", json("a", MASK, "b", "b"))));
  }

  private static Map<String, @Nullable Object> paths(String... paths) {
    return json("secret_fields", List.of(paths));
  }

  private static Map<String, @Nullable Object> properties(
      String name, Map<String, @Nullable Object> schema) {
    return json(
        "properties",
        json(name, schema),
        "definitions",
        json(
            "Child",
            json(
                "type", "object", "properties", json("a", PASSWORD, "b", json("type", "string")))));
  }

  /** Secret fields that can't be followed: the schema. */
  static Stream<Arguments> unclear() {
    Map<String, @Nullable Object> dotted =
        json("properties", json("a.b", json("type", "string")), "type", "object");
    return Stream.of(
        argumentSet("a text", json("secret_fields", "x")),
        argumentSet("a map", json("secret_fields", json("x", true))),
        argumentSet("a list of numbers", json("secret_fields", List.of(1))),
        argumentSet("a list with nothing in it", json("secret_fields", Arrays.asList("x", null))),
        argumentSet("a dot in a name", with(dotted, "a.b")),
        argumentSet("a map with a dot in its name", with(dotted, "a.b.*")),
        argumentSet("a dot further down", with(json("properties", json("c", dotted)), "c.a.b")),
        argumentSet(
            "a dot in a list",
            with(json("properties", json("l", json("type", "array", "items", dotted))), "l.*.a.b")),
        argumentSet(
            "a dot in a union",
            with(json("properties", json("u", json("anyOf", List.of(dotted)))), "u.a.b")));
  }

  private static Map<String, @Nullable Object> with(
      Map<String, @Nullable Object> schema, String path) {
    Map<String, @Nullable Object> fields = paths(path);
    fields.putAll(schema);
    return fields;
  }

  @ParameterizedTest
  @MethodSource("unclear")
  void secretFieldsThatCantBeFollowedAreRefused(Map<String, @Nullable Object> schema) {
    assertRefused(Code.INVALID, () -> schema("creds", schema))
        .hasMessageStartingWith("'secret_fields' of the block schema ");
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void secretsAreMaskedWhereverTheyAre(
      Map<String, @Nullable Object> schema,
      Map<String, @Nullable Object> stored,
      Map<String, @Nullable Object> shown) {
    BlockDocumentRecord saved = document(schema("creds", schema), "mine", stored);

    assertThat(saved.data()).isEqualTo(shown);
    assertThat(masked(saved)).isEqualTo(shown);
    assertThat(clear(saved)).isEqualTo(stored);
    assertThat(blocks().listBlockDocuments(BlockDocumentFilter.NAMED, Page.FIRST, false))
        .singleElement()
        .satisfies(listed -> assertThat(listed.data()).isEqualTo(shown));
    assertThat(blocks().listBlockDocuments(BlockDocumentFilter.NAMED, Page.FIRST, true))
        .singleElement()
        .satisfies(listed -> assertThat(listed.data()).isEqualTo(stored));
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void masksThatAreSentBackKeepWhatIsStored(
      Map<String, @Nullable Object> schema,
      Map<String, @Nullable Object> stored,
      Map<String, @Nullable Object> shown) {
    BlockSchemaRecord made = schema("creds", schema);
    BlockDocumentRecord saved = document(made, "mine", stored);

    for (boolean merge : new boolean[] {true, false}) {
      blocks().updateBlockDocument(saved.id(), made.id(), masked(saved), merge, null);

      assertThat(clear(saved)).isEqualTo(stored);
    }
  }

  @Test
  void aBlockThatIsWrittenOutInAFieldOfAnyTypeIsMasked() {
    schema("my-creds", "password");
    BlockSchemaRecord parent = schema("holder");
    Map<String, @Nullable Object> inline =
        json("block_type_slug", "my-creds", "user", "u", "password", "s3cret");
    Map<String, @Nullable Object> hidden =
        json("block_type_slug", "my-creds", "user", "u", "password", MASK);

    BlockDocumentRecord saved =
        document(parent, "mine", json("one", inline, "many", List.of(inline)));

    assertThat(masked(saved)).isEqualTo(json("one", hidden, "many", List.of(hidden)));
    blocks().updateBlockDocument(saved.id(), parent.id(), masked(saved), false, null);
    assertThat(clear(saved)).isEqualTo(json("one", inline, "many", List.of(inline)));
  }

  @ParameterizedTest
  @ValueSource(strings = {MASK, "**********"})
  void aMaskIsNeverStored(String mask) {
    BlockSchemaRecord schema = schema("creds", "x", "sd.*", "l.*");

    assertRefused(Code.INVALID, () -> document(schema, "mine", json("x", mask)))
        .hasMessageContaining("'x'");
    assertRefused(Code.INVALID, () -> document(schema, "mine", json("sd", json("a", mask))))
        .hasMessageContaining("'sd.a'");
    BlockDocumentRecord saved =
        document(
            schema, "mine", json("x", null, "sd", json("a", "s3cret"), "l", List.of("s3cret")));
    assertRefused(Code.INVALID, () -> update(saved, schema, json("x", mask)));
    assertRefused(Code.INVALID, () -> update(saved, schema, json("sd", json("b", mask))));
    assertRefused(Code.INVALID, () -> update(saved, schema, json("l", List.of(mask, mask))))
        .hasMessageContaining("'l[1]'");
    assertThat(clear(saved))
        .isEqualTo(json("x", null, "sd", json("a", "s3cret"), "l", List.of("s3cret")));
  }

  @Test
  void theMasksOfAListThatGotShorterAreRefused() {
    BlockSchemaRecord schema = schema("creds", "l.*");
    BlockDocumentRecord saved = document(schema, "mine", json("l", List.of("one", "two")));

    assertRefused(Code.INVALID, () -> update(saved, schema, json("l", List.of(MASK))))
        .hasMessageContaining("'l'");
    update(saved, schema, json("l", List.of("two")));
    assertThat(clear(saved)).isEqualTo(json("l", List.of("two")));
  }

  @Test
  void newValuesReplaceSecretsAndNullClearsThem() {
    BlockSchemaRecord schema = schema("creds", "x", "y", "sd.*", "l.*");
    BlockDocumentRecord saved =
        document(
            schema,
            "mine",
            json("x", "old", "y", "old", "sd", json("a", "old", "b", "old"), "l", List.of("old")));

    update(
        saved,
        schema,
        json("x", "new", "y", null, "sd", json("a", MASK, "c", "new"), "l", List.of(MASK, "new")));

    assertThat(clear(saved))
        .isEqualTo(
            json(
                "x",
                "new",
                "y",
                null,
                "sd",
                json("a", "old", "c", "new"),
                "l",
                List.of("old", "new")));
  }

  @Test
  void aMaskFromBeforeASchemaChangeIsStillAMask() {
    BlockSchemaRecord secret = schema("creds", "x");
    BlockDocumentRecord saved = document(secret, "mine", json("x", "s3cret"));
    BlockSchemaRecord plain = schema("creds", json("title", "no secrets any more"));

    blocks().updateBlockDocument(saved.id(), plain.id(), masked(saved), false, null);

    assertThat(clear(saved)).isEqualTo(json("x", "s3cret"));
  }

  /**
   * An older program keeps the fields it doesn't know; that they are secret it doesn't know either.
   */
  @Test
  void aSecretStaysOneUnderASchemaThatDoesNotKnowIt() {
    BlockSchemaRecord newer = schema("creds", "token");
    BlockDocumentRecord saved = document(newer, "mine", json("token", "s3cret"));
    BlockSchemaRecord older = schema("creds", json("title", "from before there were tokens"));

    blocks().updateBlockDocument(saved.id(), older.id(), json("host", "h"), true, null);

    assertThat(blocks().readBlockDocument(saved.id(), false).blockSchema()).isEqualTo(older);
    assertThat(masked(saved)).isEqualTo(json("token", MASK, "host", "h"));
    assertThat(blocks().listBlockDocuments(BlockDocumentFilter.NAMED, Page.FIRST, false))
        .singleElement()
        .satisfies(listed -> assertThat(listed.data()).containsEntry("token", MASK));
    blocks().updateBlockDocument(saved.id(), older.id(), masked(saved), false, null);
    assertThat(clear(saved)).isEqualTo(json("token", "s3cret", "host", "h"));
  }

  @Test
  void whatTheSchemaHasNoFieldForCountsAsSecret() {
    Map<String, @Nullable Object> fields =
        json("properties", json("x", json("type", "string"), "map", json("type", "object")));
    BlockSchemaRecord schema = schema("creds", fields);
    BlockDocumentRecord saved =
        document(schema, "mine", json("x", "seen", "new", "newer", "map", json("k", 1)));

    assertThat(masked(saved)).isEqualTo(json("x", "seen", "new", MASK, "map", json("k", 1)));
    update(saved, schema, masked(saved));
    assertThat(clear(saved)).containsEntry("new", "newer");
  }

  @Test
  void asterisksInAFieldThatIsNotSecretAreJustAsterisks() {
    BlockDocumentRecord saved = document(schema("creds", "x"), "mine", json("y", MASK));

    assertThat(clear(saved)).isEqualTo(json("y", MASK));
  }

  @Test
  void noTextOfARecordShowsASecret() {
    BlockDocumentRecord saved = document(schema("creds", "x"), "mine", json("x", "s3cret"));

    assertThat(blocks().readBlockDocument(saved.id(), true).toString()).doesNotContain("s3cret");
  }

  private void update(
      BlockDocumentRecord document, BlockSchemaRecord schema, Map<String, @Nullable Object> data) {
    blocks().updateBlockDocument(document.id(), schema.id(), data, true, null);
  }
}
