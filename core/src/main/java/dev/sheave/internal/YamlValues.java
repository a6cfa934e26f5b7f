package dev.sheave.internal;

import dev.sheave.internal.YamlNode.Mapping;
import dev.sheave.internal.YamlNode.Scalar;
import dev.sheave.internal.YamlNode.Sequence;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a YAML object as its JSON schema wants it. Where that is a text, it is what was typed: the
 * version {@code 1.10} isn't the number 1.1, and a commit {@code 12e4567} isn't infinite.
 */
public final class YamlValues {

  private YamlValues() {}

  /**
   * Reads an object.
   *
   * @param schema the JSON schema of the object; what it doesn't describe is read as YAML has it.
   *     Keys may be dotted: {@code env.LEVEL} is the key {@code LEVEL} of the field {@code env}
   * @return a modifiable map of JSON values
   */
  public static Map<String, @Nullable Object> read(
      Mapping object, Map<String, @Nullable Object> schema) {
    JsonSchema described = JsonSchema.of(schema);
    Map<String, @Nullable Object> values = object(object, described);
    JsonSchema.texts(described.get("secret_fields"))
        .forEach(place -> readSecrets(values, object, place));
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

  private static @Nullable Object value(YamlNode node, JsonSchema schema) {
    if (node instanceof Scalar scalar) {
      if (!wantsText(schema)) {
        return scalar.value();
      }
      return scalar.isNull() ? null : scalar.text();
    }
    if (node instanceof Sequence list) {
      List<@Nullable Object> values = new ArrayList<>();
      for (YamlNode element : list.elements()) {
        values.add(value(element, schema.element(values.size())));
      }
      return values;
    }
    return object((Mapping) node, schema);
  }

  private static Map<String, @Nullable Object> object(Mapping mapping, JsonSchema schema) {
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    mapping.entries().forEach((key, node) -> values.put(key, value(node, child(schema, key))));
    return values;
  }

  /** Returns the schema of what a key names. */
  private static JsonSchema child(JsonSchema schema, String key) {
    int dot = key.indexOf('.');
    Set<String> fields = schema.propertyNames();
    return dot > 0 && !fields.contains(key) && fields.contains(key.substring(0, dot))
        ? child(schema.property(key.substring(0, dot)), key.substring(dot + 1))
        : schema.property(key);
  }

  /** Returns whether a single value must be a text, if it isn't null. */
  private static boolean wantsText(JsonSchema schema) {
    List<String> types = schema.types();
    if (!types.isEmpty()) {
      return types.contains("string")
          && types.stream().allMatch(type -> type.equals("string") || type.equals("null"));
    }
    List<@Nullable Object> allowed = schema.allowed();
    if (!allowed.isEmpty()) {
      return allowed.stream().allMatch(value -> value == null || value instanceof String);
    }
    boolean isText = false;
    for (JsonSchema choice : schema.choices()) {
      if (wantsText(choice)) {
        isText = true;
      } else if (!List.of("null", "array", "object").contains(choice.get("type"))) {
        return false;
      }
    }
    return isText;
  }
}
