package dev.sheave.block.internal;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.internal.Json;
import dev.sheave.internal.JsonSchema;
import dev.sheave.internal.Suggestions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The address of a place in a document whose class isn't available, only its stored schema; written
 * like a {@link FieldAddress}.
 */
public final class SchemaAddress {

  private SchemaAddress() {}

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
      JsonSchema schema,
      Map<String, @Nullable Object> data,
      String address,
      @Nullable Object value) {
    set(schema, data, address, address, value);
  }

  private static void set(
      JsonSchema schema,
      Map<String, @Nullable Object> data,
      String address,
      String rest,
      @Nullable Object value) {
    int dot = rest.indexOf('.');
    String name = dot < 0 ? rest : rest.substring(0, dot);
    if (!schema.propertyNames().contains(name)) {
      throw new SheaveException(
          Code.INVALID,
          "The field '"
              + address
              + "' doesn't exist."
              + Suggestions.hint(name, schema.propertyNames()));
    }
    JsonSchema field = schema.property(name);
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
    if (field.propertyNames().isEmpty()) {
      Json.asObject(inner).put(below, convert(field.property(below), address, value));
    } else {
      set(field, Json.asObject(inner), address, below, value);
    }
  }

  private static @Nullable Object convert(
      JsonSchema schema, String address, @Nullable Object value) {
    Object json = value;
    if (value instanceof String text && !schema.isType("string")) {
      try {
        json = Json.parse(text, address);
      } catch (SheaveException e) {
        json = text;
      }
    }
    // a saved block is named by a string
    if (schema.has(JsonSchema.BLOCK_TYPE) && value instanceof String) {
      return value;
    }
    List<String> types = schema.types();
    Object converted = json;
    if (converted != null
        && !types.isEmpty()
        && types.stream().noneMatch(type -> isOf(type, converted))) {
      throw new SheaveException(
          Code.INVALID,
          "'"
              + address
              + "' must be "
              + String.join(" or ", types.stream().map(SchemaAddress::expectation).toList())
              + ".");
    }
    return converted;
  }

  private static boolean isOf(String type, Object json) {
    return switch (type) {
      case "string" -> json instanceof String;
      case "integer" -> json instanceof Number number && number.doubleValue() % 1 == 0;
      case "number" -> json instanceof Number;
      case "boolean" -> json instanceof Boolean;
      case "array" -> json instanceof List;
      case "object" -> json instanceof Map;
      case "null" -> false;
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
      case "null" -> "null";
      default -> "an object";
    };
  }
}
