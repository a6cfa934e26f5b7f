package dev.sheave.server;

import dev.sheave.api.internal.RecordCodec;
import dev.sheave.internal.Json;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a body or a value of a query may be, as a schema of OpenAPI 3.0. Immutable.
 *
 * @param name under which the document has it once; empty if it stands where it is used
 * @param json the schema; a {@link Schema} in it stands for its own
 */
record Schema(String name, Map<String, @Nullable Object> json) {
  static final Schema ANY = of();
  static final Schema TEXT = of("type", "string");
  static final Schema ID = of("type", "string", "format", "uuid");
  static final Schema TIME = of("type", "string", "format", "date-time");
  static final Schema FLAG = of("type", "boolean");
  static final Schema OBJECT = of("type", "object");

  /** How many. */
  static final Schema COUNT = of("type", "integer", "minimum", 0);

  /** A number of seconds. */
  static final Schema SECONDS = of("type", "number");

  /** Nothing but null. */
  static final Schema NULL = of("nullable", true, "enum", Arrays.asList((Object) null));

  private static Schema of(Object... keysAndValues) {
    return new Schema("", Json.asObject(Json.object(keysAndValues)));
  }

  /** What a codec reads. */
  static Schema read(String name, RecordCodec<?> codec) {
    return new Schema(name, codec.schema());
  }

  /** What a codec writes. */
  static Schema written(String name, RecordCodec<?> codec) {
    return new Schema(name, codec.writtenSchema());
  }

  static Schema listOf(Schema element) {
    return of("type", "array", "items", element);
  }

  static Schema oneOf(Enum<?>... constants) {
    return of("type", "string", "enum", Arrays.stream(constants).map(Enum::name).toList());
  }

  /** This schema, with a default. */
  Schema or(Object absent) {
    Map<String, @Nullable Object> more = new LinkedHashMap<>(json);
    more.put("default", absent);
    return new Schema("", more);
  }

  /** A number with a greatest value. */
  Schema atMost(int max) {
    Map<String, @Nullable Object> more = new LinkedHashMap<>(json);
    more.put("maximum", max);
    return new Schema("", more);
  }

  /**
   * An object.
   *
   * @param namesAndSchemas the fields; the name of one that must be there ends with an exclamation
   *     mark
   */
  static Schema object(Object... namesAndSchemas) {
    return OBJECT.with(namesAndSchemas);
  }

  /** This object, with further fields, see {@link #object}. */
  Schema with(Object... namesAndSchemas) {
    Map<String, @Nullable Object> more = new LinkedHashMap<>(json);
    Map<String, @Nullable Object> properties =
        new LinkedHashMap<>(
            more.get("properties") instanceof Map<?, ?> old ? Json.asObject(old) : Map.of());
    List<Object> required =
        new ArrayList<>(more.get("required") instanceof List<?> old ? old : List.of());
    for (int i = 0; i < namesAndSchemas.length; i += 2) {
      String name = (String) namesAndSchemas[i];
      boolean isRequired = name.endsWith("!");
      String plain = isRequired ? name.substring(0, name.length() - 1) : name;
      properties.put(plain, namesAndSchemas[i + 1]);
      if (isRequired) {
        required.add(plain);
      }
    }
    more.put("properties", properties);
    if (!required.isEmpty()) {
      more.put("required", required);
    }
    return new Schema("", more);
  }

  /** Returns it for a place in the document, and adds what has a name to the named ones. */
  Map<String, @Nullable Object> in(Map<String, @Nullable Object> named) {
    if (name.isEmpty()) {
      return resolved(json, named);
    }
    if (!named.containsKey(name)) {
      named.put(name, Map.of()); // its place in the order
      named.put(name, resolved(json, named));
    }
    return Json.asObject(Map.of("$ref", "#/components/schemas/" + name));
  }

  private static Map<String, @Nullable Object> resolved(
      Map<String, @Nullable Object> object, Map<String, @Nullable Object> named) {
    Map<String, @Nullable Object> copy = new LinkedHashMap<>();
    object.forEach((key, value) -> copy.put(key, resolvedValue(value, named)));
    return copy;
  }

  private static @Nullable Object resolvedValue(
      @Nullable Object value, Map<String, @Nullable Object> named) {
    if (value instanceof Schema schema) {
      return schema.in(named);
    }
    if (value instanceof Map<?, ?> map) {
      return resolved(Json.asObject(map), named);
    }
    if (value instanceof List<?> list) {
      List<@Nullable Object> copy = new ArrayList<>();
      list.forEach(each -> copy.add(resolvedValue(each, named)));
      return copy;
    }
    return value;
  }
}
