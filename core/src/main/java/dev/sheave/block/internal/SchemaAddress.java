package dev.sheave.block.internal;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.internal.Json;
import dev.sheave.internal.Suggestions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The address of a place in a document whose class isn't available, only its stored schema; written
 * like a {@link FieldAddress}.
 */
public final class SchemaAddress {
  private static final String DEFINITIONS = "#/definitions/";

  private final Map<String, @Nullable Object> document;

  private SchemaAddress(Map<String, @Nullable Object> document) {
    this.document = document;
  }

  /**
   * Sets the value at a place.
   *
   * @param schema the document's JSON schema
   * @param data the document, changed by this
   * @param address {@code field}, {@code field.inner} or {@code map.key}
   * @param value a JSON value, or a string to be converted to the type in the schema
   * @throws SheaveException {@code INVALID} for an unknown field, with the nearest one, or a value
   *     of the wrong type
   */
  public static void set(
      Map<String, @Nullable Object> schema,
      Map<String, @Nullable Object> data,
      String address,
      @Nullable Object value) {
    new SchemaAddress(schema).set(schema, data, address, address, value);
  }

  /** Returns the names of the fields that a schema has. */
  public static Set<String> fieldNames(Map<String, @Nullable Object> schema) {
    return schema.get("properties") instanceof Map<?, ?> properties
        ? Json.asObject(properties).keySet()
        : Set.of();
  }

  private void set(
      Map<String, @Nullable Object> schema,
      Map<String, @Nullable Object> data,
      String address,
      String rest,
      @Nullable Object value) {
    int dot = rest.indexOf('.');
    String name = dot < 0 ? rest : rest.substring(0, dot);
    Map<String, @Nullable Object> field = resolve(child(schema, "properties"), name);
    if (field == null) {
      throw new SheaveException(
          Code.INVALID,
          "The field '"
              + address
              + "' doesn't exist."
              + Suggestions.hint(name, fieldNames(schema)));
    }
    if (dot < 0) {
      data.put(name, convert(field, address, value));
      return;
    }
    String below = rest.substring(dot + 1);
    if (data.get(name) == null) {
      data.put(name, new LinkedHashMap<String, @Nullable Object>());
    }
    if (!(data.get(name) instanceof Map<?, ?> inner)) {
      throw new SheaveException(
          Code.INVALID, "'" + name + "' has no fields, so '" + address + "' doesn't exist.");
    }
    if (field.containsKey("properties")) {
      set(field, Json.asObject(inner), address, below, value);
    } else {
      Map<String, @Nullable Object> element = resolve(field, "additionalProperties");
      Json.asObject(inner)
          .put(below, convert(element == null ? Map.of() : element, address, value));
    }
  }

  private static @Nullable Map<String, @Nullable Object> child(
      Map<String, @Nullable Object> schema, String key) {
    return schema.get(key) instanceof Map<?, ?> map ? Json.asObject(map) : null;
  }

  /** Returns a part of a schema, with references resolved. */
  private @Nullable Map<String, @Nullable Object> resolve(
      @Nullable Map<String, @Nullable Object> parent, String key) {
    Map<String, @Nullable Object> part = parent == null ? null : child(parent, key);
    if (part == null) {
      return null;
    }
    Object reference = part.get("$ref");
    if (part.get("allOf") instanceof List<?> all
        && all.size() == 1
        && all.get(0) instanceof Map<?, ?> only) {
      reference = only.get("$ref");
    }
    Map<String, @Nullable Object> definitions = child(document, "definitions");
    if (definitions != null
        && reference instanceof String text
        && text.startsWith(DEFINITIONS)
        && definitions.get(text.substring(DEFINITIONS.length())) instanceof Map<?, ?> target) {
      return Json.asObject(target);
    }
    return part;
  }

  private static @Nullable Object convert(
      Map<String, @Nullable Object> schema, String address, @Nullable Object value) {
    Object type = schema.get("type");
    Object json = value;
    if (value instanceof String text && !"string".equals(type)) {
      try {
        json = Json.parse(text, address);
      } catch (SheaveException e) {
        json = text;
      }
    }
    // a saved block is named by a string
    boolean isBlock = schema.containsKey("block_type_slug") && value instanceof String;
    if (json != null && type instanceof String expected && !isBlock && !isOf(expected, json)) {
      throw new SheaveException(
          Code.INVALID, "'" + address + "' must be " + expectation(expected) + ".");
    }
    return isBlock ? value : json;
  }

  private static boolean isOf(String type, Object json) {
    return switch (type) {
      case "string" -> json instanceof String;
      case "integer" -> json instanceof Number number && number.doubleValue() % 1 == 0;
      case "number" -> json instanceof Number;
      case "boolean" -> json instanceof Boolean;
      case "array" -> json instanceof List;
      case "object" -> json instanceof Map;
      default -> true;
    };
  }

  private static String expectation(String type) {
    return switch (type) {
      case "string" -> "a string";
      case "integer" -> "a whole number";
      case "number" -> "a number";
      case "boolean" -> "true or false";
      case "array" -> "a list";
      default -> "an object";
    };
  }
}
