package dev.sheave.block.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.block.BlockSchema;
import dev.sheave.internal.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Schemas of the reference, with the bytes that it hashes and the checksums that come out. */
class SchemaChecksumTest {

  record Vector(String name, String checksum, String hashed, Map<String, @Nullable Object> schema) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Vector> vectors() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(
            BlockSchema.class.getResourceAsStream("checksums.json"), "checksums.json")) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      List<?> all = (List<?>) Objects.requireNonNull(Json.parse(text, "checksums.json"));
      return all.stream()
          .map(each -> Json.asObject((Map<?, ?>) each))
          .map(
              each ->
                  new Vector(
                      (String) Objects.requireNonNull(each.get("name")),
                      (String) Objects.requireNonNull(each.get("checksum")),
                      (String) Objects.requireNonNull(each.get("hashed")),
                      Json.asObject((Map<?, ?>) Objects.requireNonNull(each.get("schema")))));
    }
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void hashesTheReferencesBytes(Vector vector) {
    assertThat(SchemaChecksum.hashedText(vector.schema())).isEqualTo(vector.hashed());
    assertThat(BlockSchema.checksum(vector.schema())).isEqualTo(vector.checksum());
  }

  @Test
  void thereAreTwenty() throws IOException {
    assertThat(vectors()).hasSize(20);
  }

  @Test
  void theExampleOfTheReferencesOwnTests() {
    Map<String, @Nullable Object> schema =
        Json.parseObject(
            """
            {"title": "MyRegisteredBlock", "type": "object",
             "properties": {"x": {"title": "X", "type": "string"},
                            "y": {"title": "Y", "default": 1, "type": "integer"}},
             "required": ["x"], "block_type_slug": "myregisteredblock",
             "secret_fields": [], "block_schema_references": {}}""",
            "schema");

    assertThat(BlockSchema.checksum(schema))
        .isEqualTo("sha256:876ee010b459f79fe6a31f00442a2ba47ee36202968830efda4378544051da64");
  }

  @Test
  void secretFieldsDontCountInMapsButDoInLists() {
    assertThat(SchemaChecksum.hashedText(Map.of("a", Map.of("secret_fields", List.of("x")))))
        .isEqualTo("[[{\"a\": {}}], {}]");
    assertThat(SchemaChecksum.hashedText(Map.of("a", List.of(Map.of("secret_fields", 1)))))
        .isEqualTo("[[{\"a\": [{\"secret_fields\": 1}]}], {}]");
  }

  @Test
  void everythingButPlainAsciiIsEscaped() {
    assertThat(SchemaChecksum.hashedText(Map.of("a", "é \"\\\n\t 😀 \u007f")))
        .isEqualTo("[[{\"a\": \"\\u00e9 \\\"\\\\\\n\\t \\ud83d\\ude00 \\u007f\"}], {}]");
  }

  @Test
  void definitionsOfDefinitionsCountAndBlocksDont() {
    Map<String, Object> schema =
        Map.of(
            "properties", Map.of("x", Map.of("$ref", "#/definitions/A")),
            "definitions",
                Map.of(
                    "A", Map.of("$ref", "#/definitions/B"),
                    "B", Map.of("type", "string"),
                    "Block", Map.of("block_type_slug", "b"),
                    "Unused", Map.of("type", "string")));

    assertThat(SchemaChecksum.hashedText(schema))
        .contains("\"A\": {\"$ref\": \"#/definitions/B\"}, \"B\": {\"type\": \"string\"}")
        .doesNotContain("Unused")
        .doesNotContain("Block\"");
  }
}
