package dev.sheave.internal;

import dev.sheave.internal.YamlNode.Mapping;
import dev.sheave.internal.YamlNode.Scalar;
import dev.sheave.internal.YamlNode.Sequence;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a YAML object as its JSON schema wants it. Where that is a text, it is what was typed: the
 * version {@code 1.10} isn't the number 1.1, and a commit {@code 12e4567} isn't infinite.
 */
public final class YamlValues {
  private static final int MAX_REFERENCES = 20;

  private final Map<String, @Nullable Object> document;

  private YamlValues(Map<String, @Nullable Object> document) {
    this.document = document;
  }

  /**
   * Reads an object.
   *
   * @param schema the JSON schema of the object; what it doesn't describe is read as YAML has it.
   *     Keys may be dotted: {@code env.LEVEL} is the key {@code LEVEL} of the field {@code env}
   * @return a modifiable map of JSON values
   */
  public static Map<String, @Nullable Object> read(
      Mapping object, Map<String, @Nullable Object> schema) {
    Map<String, @Nullable Object> values = new YamlValues(schema).object(object, schema);
    if (schema.get("secret_fields") instanceof Collection<?> places) {
      places.forEach(place -> readSecrets(values, object, String.valueOf(place)));
    }
    return values;
  }

  /** In a map of secrets a password may look like a number: 007 isn't 7. */
  private static void readSecrets(
      Map<String, @Nullable Object> values, Mapping object, String place) {
    if (place.endsWith(".*")
        && object.entries().get(place.substring(0, place.length() - 2)) instanceof Mapping map) {
      values.put(place.substring(0, place.length() - 2), exact(map));
    }
  }

  /** Returns a value whose numbers and truths are texts, unless they stand there as JSON does. */
  private static @Nullable Object exact(YamlNode node) {
    if (node instanceof Mapping map) {
      Map<String, @Nullable Object> values = new LinkedHashMap<>();
      map.entries().forEach((key, each) -> values.put(key, exact(each)));
      return values;
    }
    if (node instanceof Sequence list) {
      List<@Nullable Object> values = new ArrayList<>();
      list.elements().forEach(each -> values.add(exact(each)));
      return values;
    }
    Scalar scalar = (Scalar) node;
    if (scalar.isNull()) {
      return null;
    }
    String typed = scalar.text();
    boolean isExact = typed.matches("true|false|0|-?[1-9][0-9]{0,17}");
    return isExact ? scalar.value() : typed;
  }

  private @Nullable Object value(YamlNode node, Map<String, @Nullable Object> schema) {
    if (node instanceof Scalar scalar) {
      if (!wantsText(schema)) {
        return scalar.value();
      }
      return scalar.isNull() ? null : scalar.text();
    }
    if (node instanceof Sequence list) {
      Map<String, @Nullable Object> each = resolve(schema.get("items"));
      List<@Nullable Object> values = new ArrayList<>();
      list.elements().forEach(element -> values.add(value(element, each)));
      return values;
    }
    return object((Mapping) node, schema);
  }

  private Map<String, @Nullable Object> object(
      Mapping mapping, Map<String, @Nullable Object> schema) {
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    mapping.entries().forEach((key, node) -> values.put(key, value(node, child(schema, key))));
    return values;
  }

  /** Returns the schema of what a key names, or an empty one. */
  private Map<String, @Nullable Object> child(Map<String, @Nullable Object> schema, String key) {
    Map<String, @Nullable Object> fields = object(schema.get("properties"));
    if (fields.containsKey(key)) {
      return resolve(fields.get(key));
    }
    int dot = key.indexOf('.');
    if (dot > 0 && fields.containsKey(key.substring(0, dot))) {
      return child(resolve(fields.get(key.substring(0, dot))), key.substring(dot + 1));
    }
    return resolve(schema.get("additionalProperties"));
  }

  /** Returns whether a single value must be a text, if it isn't null. */
  private boolean wantsText(Map<String, @Nullable Object> schema) {
    if (schema.get("type") instanceof String type) {
      return type.equals("string");
    }
    if (schema.get("type") instanceof Collection<?> types) {
      return types.contains("string")
          && types.stream().allMatch(type -> "string".equals(type) || "null".equals(type));
    }
    if (schema.get("enum") instanceof Collection<?> values) {
      return values.stream().allMatch(value -> value == null || value instanceof String);
    }
    Object choices = schema.containsKey("anyOf") ? schema.get("anyOf") : schema.get("oneOf");
    if (!(choices instanceof Collection<?> all)) {
      return false;
    }
    boolean isText = false;
    for (Object each : all) {
      Map<String, @Nullable Object> choice = resolve(each);
      Object type = choice.get("type");
      if (wantsText(choice)) {
        isText = true;
      } else if (!"null".equals(type) && !"array".equals(type) && !"object".equals(type)) {
        return false;
      }
    }
    return isText;
  }

  /** Follows a reference into the definitions; alone, or the only one of all that apply. */
  private Map<String, @Nullable Object> resolve(@Nullable Object part) {
    Map<String, @Nullable Object> resolved = object(part);
    for (int i = 0; i < MAX_REFERENCES; i++) {
      if (resolved.get("allOf") instanceof List<?> all && all.size() == 1) {
        resolved = object(all.get(0));
      }
      if (!(resolved.get("$ref") instanceof String reference)) {
        return resolved;
      }
      String name = reference.substring(reference.lastIndexOf('/') + 1);
      Object definitions =
          document.containsKey("definitions") ? document.get("definitions") : document.get("$defs");
      resolved = object(object(definitions).get(name));
    }
    return Map.of();
  }

  private static Map<String, @Nullable Object> object(@Nullable Object value) {
    return value instanceof Map<?, ?> map ? Json.asObject(map) : Map.of();
  }
}
