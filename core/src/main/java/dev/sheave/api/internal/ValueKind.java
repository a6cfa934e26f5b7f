package dev.sheave.api.internal;

import dev.sheave.internal.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A kind of values of fields.
 *
 * @param words what messages say of it, such as {@code a string}
 * @param schema its JSON schema, as OpenAPI 3.0 writes one
 * @param example a value of the kind
 * @param max how far from 0 a number may be
 */
record ValueKind(String words, Map<String, @Nullable Object> schema, Object example, long max) {
  static final ValueKind TEXT = of("a string", "string", "text");
  static final ValueKind ZONE = of("a string", "string", "UTC");
  static final ValueKind ID = formatted("a UUID", "uuid", "5f0c4e3b-5d8f-4f5c-9d4b-0b6f3c1f2a10");
  static final ValueKind TIME =
      formatted(
          "a time such as 2026-11-23T06:07:04+00:00", "date-time", "2026-11-23T06:07:04+00:00");
  static final ValueKind NUMBER = of("a whole number", "integer", 1).upTo(Integer.MAX_VALUE);
  static final ValueKind FLAG = of("true or false", "boolean", true);
  static final ValueKind SECONDS =
      of("a number of seconds", "number", 1).upTo(TimeJson.MAX_SECONDS);
  static final ValueKind DECIMAL = of("a number", "number", 1);
  static final ValueKind OBJECT = of("an object", "object", Map.of());
  static final ValueKind SECONDS_LIST =
      new ValueKind(
          "a number of seconds, or a list of them",
          schema(
              "anyOf",
              List.of(SECONDS.schema(), schema("type", "array", "items", SECONDS.schema()))),
          1,
          TimeJson.MAX_SECONDS);

  /** A kind whose numbers have no bounds, or that has none. */
  ValueKind(String words, Map<String, @Nullable Object> schema, Object example) {
    this(words, schema, example, Long.MAX_VALUE);
  }

  private ValueKind upTo(long bound) {
    return new ValueKind(words, schema, example, bound);
  }

  /** Says what a value must be that isn't of the kind. */
  String wanted(Object value) {
    double number = value instanceof Number given ? given.doubleValue() : 0;
    return number > max ? "at most " + max : number < -max ? "at least -" + max : words;
  }

  /** A JSON schema, of its keys and values. */
  static Map<String, @Nullable Object> schema(Object... keysAndValues) {
    return new LinkedHashMap<>(Json.object(keysAndValues));
  }

  private static ValueKind of(String words, String type, Object example) {
    return new ValueKind(words, schema("type", type), example);
  }

  private static ValueKind formatted(String words, String format, String example) {
    return new ValueKind(words, schema("type", "string", "format", format), example);
  }

  static ValueKind oneOf(List<String> known) {
    return new ValueKind(
        "one of " + String.join(", ", known),
        schema("type", "string", "enum", known),
        known.get(0));
  }

  static ValueKind listOf(ValueKind element, String words) {
    return new ValueKind(
        words, schema("type", "array", "items", element.schema()), List.of(element.example()));
  }

  /** The schema of a value that a field may have, or null. */
  static Map<String, @Nullable Object> schemaOf(@Nullable Object value) {
    String type =
        value instanceof String
            ? "string"
            : value instanceof Number
                ? "number"
                : value instanceof Boolean
                    ? "boolean"
                    : value instanceof List ? "array" : value instanceof Map ? "object" : "";
    return type.isEmpty() ? Map.of() : orNull(schema("type", type));
  }

  /** The schema of a field that may be null, too. */
  Map<String, @Nullable Object> orNull() {
    return orNull(schema);
  }

  static Map<String, @Nullable Object> orNull(Map<String, @Nullable Object> schema) {
    Map<String, @Nullable Object> nullable = new LinkedHashMap<>(schema);
    nullable.put("nullable", true);
    if (schema.get("enum") instanceof List<?> constants) {
      List<@Nullable Object> withNull = new ArrayList<>(constants);
      withNull.add(null);
      nullable.put("enum", withNull);
    }
    return nullable;
  }
}
