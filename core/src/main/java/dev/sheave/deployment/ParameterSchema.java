package dev.sheave.deployment;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.internal.Json;
import dev.sheave.internal.Suggestions;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The JSON schema of a deployment's parameters, used to check values before a run is created:
 * types, elements, fields and enumerations. Unknown keywords, as in schemas from other programs,
 * are ignored and left to the run to check.
 */
final class ParameterSchema {
  private final Map<String, @Nullable Object> schema;
  private final Map<String, @Nullable Object> properties;

  ParameterSchema(Map<String, @Nullable Object> schema) {
    this.schema = schema;
    this.properties = object(schema.get("properties"));
  }

  /** The schemas of the parameters, by name. */
  Map<String, @Nullable Object> properties() {
    return properties;
  }

  /** The names of the required parameters. */
  List<String> required() {
    return texts(schema.get("required"));
  }

  /**
   * Returns a parameter's value; a string is converted if the schema has another type.
   *
   * @throws SheaveException {@code INVALID} if it is of the wrong type
   */
  @Nullable Object convert(String name, @Nullable Object value) {
    Map<String, @Nullable Object> property = resolve(properties.get(name));
    Object json = value;
    if (value instanceof String text) {
      json = fromText(name, text, property);
    }
    if (json != null) {
      check(name, json, property);
    }
    return json;
  }

  private static @Nullable Object fromText(
      String name, String text, Map<String, @Nullable Object> property) {
    Object type = property.get("type");
    if ("string".equals(type) || property.containsKey("enum")) {
      return text;
    }
    boolean looksLikeJson = text.startsWith("{") || text.startsWith("[");
    if (type == null && !looksLikeJson) {
      return text;
    }
    try {
      return Json.parse(text, "'" + name + "'");
    } catch (SheaveException e) {
      if (type == null) {
        return text;
      }
      throw wrong(name, String.valueOf(type), text);
    }
  }

  private void check(String path, Object value, Map<String, @Nullable Object> expected) {
    if (expected.get("enum") instanceof Collection<?> allowed && !allowed.contains(value)) {
      throw notOneOf(path, value, texts(allowed));
    }
    if (expected.get("type") instanceof String type && !matches(value, type)) {
      throw wrong(path, type, value);
    }
    if (value instanceof List<?> elements && expected.get("items") instanceof Map<?, ?> items) {
      Map<String, @Nullable Object> each = resolve(items);
      for (int i = 0; i < elements.size(); i++) {
        checkIfThere(path + "." + i, elements.get(i), each);
      }
    }
    if (value instanceof Map<?, ?> map) {
      checkFields(path, Json.asObject(map), expected);
    }
  }

  private void checkFields(
      String path, Map<String, @Nullable Object> value, Map<String, @Nullable Object> expected) {
    Map<String, @Nullable Object> fields = object(expected.get("properties"));
    boolean others = expected.get("additionalProperties") instanceof Map;
    Map<String, @Nullable Object> ofOthers = resolve(expected.get("additionalProperties"));
    value.forEach(
        (key, each) -> {
          if (fields.containsKey(key)) {
            checkIfThere(path + "." + key, each, resolve(fields.get(key)));
          } else if (others) {
            checkIfThere(path + "." + key, each, ofOthers);
          }
        });
    for (String key : texts(expected.get("required"))) {
      if (!value.containsKey(key)) {
        throw new SheaveException(
            Code.INVALID, "The parameter '" + path + "' lacks the required field '" + key + "'.");
      }
    }
  }

  private void checkIfThere(
      String path, @Nullable Object value, Map<String, @Nullable Object> expected) {
    if (value != null) { // null stands for what isn't there, and the run knows what may be
      check(path, value, expected);
    }
  }

  /**
   * Resolves a reference into the definitions, given directly or as the only element of {@code
   * allOf}.
   */
  private Map<String, @Nullable Object> resolve(@Nullable Object part) {
    Map<String, @Nullable Object> resolved = object(part);
    for (int depth = 0; depth < 20; depth++) {
      Object reference = resolved.get("$ref");
      if (reference == null
          && resolved.get("allOf") instanceof List<?> all
          && all.size() == 1
          && all.get(0) instanceof Map<?, ?> only) {
        reference = only.get("$ref");
      }
      if (!(reference instanceof String text)) {
        break;
      }
      String name = text.substring(text.lastIndexOf('/') + 1);
      Map<String, @Nullable Object> target = object(object(schema.get("definitions")).get(name));
      if (target.isEmpty()) {
        return Map.of();
      }
      resolved = target;
    }
    return resolved;
  }

  private static Map<String, @Nullable Object> object(@Nullable Object value) {
    return value instanceof Map<?, ?> map ? Json.asObject(map) : new LinkedHashMap<>();
  }

  private static List<String> texts(@Nullable Object value) {
    List<String> texts = new ArrayList<>();
    if (value instanceof Collection<?> all) {
      all.forEach(each -> texts.add(String.valueOf(each)));
    }
    return texts;
  }

  private static boolean matches(Object json, String type) {
    return switch (type) {
      case "string" -> json instanceof String;
      case "integer" -> json instanceof Number number && isWhole(number);
      case "number" -> json instanceof Number;
      case "boolean" -> json instanceof Boolean;
      case "array" -> json instanceof List;
      case "object" -> json instanceof Map;
      default -> true;
    };
  }

  private static boolean isWhole(Number number) {
    return number instanceof Integer
        || number instanceof Long
        || number instanceof BigInteger
        || (number instanceof BigDecimal decimal && decimal.stripTrailingZeros().scale() <= 0);
  }

  private static SheaveException wrong(String path, String expected, Object given) {
    return new SheaveException(
        Code.INVALID,
        "The parameter '"
            + path
            + "' must be of the type '"
            + expected
            + "', not "
            + shown(given)
            + ".");
  }

  private static SheaveException notOneOf(String path, Object given, List<String> allowed) {
    return new SheaveException(
        Code.INVALID,
        "The parameter '"
            + path
            + "' can't be "
            + shown(given)
            + "."
            + Suggestions.hint(String.valueOf(given), allowed)
            + " The allowed values are: "
            + String.join(", ", allowed)
            + ".");
  }

  private static String shown(Object given) {
    return given instanceof String text ? "the string '" + text + "'" : Json.write(given);
  }
}
