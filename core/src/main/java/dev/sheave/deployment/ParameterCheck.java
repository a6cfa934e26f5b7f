package dev.sheave.deployment;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.DeploymentRecord;
import dev.sheave.internal.Json;
import dev.sheave.internal.Nearest;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Checks the parameters of a run against the schema that its deployment has of them. */
final class ParameterCheck {

  private ParameterCheck() {}

  /**
   * Returns the values, texts converted where the schema has something else.
   *
   * @throws SheaveException {@code INVALID} for a parameter that isn't, one that is missing, or a
   *     value of the wrong type
   */
  static Map<String, @Nullable Object> check(
      DeploymentRecord deployment, Map<String, ? extends @Nullable Object> values) {
    Map<String, @Nullable Object> schema = deployment.spec().parameterSchema();
    Map<String, @Nullable Object> properties =
        schema.get("properties") instanceof Map<?, ?> map ? Json.asObject(map) : Map.of();
    Map<String, @Nullable Object> checked = new LinkedHashMap<>();
    values.forEach(
        (name, value) -> {
          if (!properties.containsKey(name)) {
            throw unknown(deployment, name, properties.keySet());
          }
          checked.put(name, convert(name, value, properties.get(name)));
        });
    if (schema.get("required") instanceof Collection<?> required) {
      for (Object name : required) {
        if (checked.get(name) == null && deployment.spec().parameters().get(name) == null) {
          throw new SheaveException(
              Code.INVALID,
              "The parameter '"
                  + name
                  + "' of the deployment '"
                  + deployment.fullName()
                  + "' is missing; give it with --param "
                  + name
                  + "=VALUE.");
        }
      }
    }
    return checked;
  }

  private static SheaveException unknown(
      DeploymentRecord deployment, String name, Set<String> known) {
    return new SheaveException(
        Code.INVALID,
        "The deployment '"
            + deployment.fullName()
            + "' has no parameter '"
            + name
            + "'."
            + Nearest.hint(name, known)
            + (known.isEmpty() ? " It has none." : " It has: " + String.join(", ", known) + "."));
  }

  private static @Nullable Object convert(
      String name, @Nullable Object value, @Nullable Object property) {
    Object type = property instanceof Map<?, ?> map ? map.get("type") : null;
    if (value == null || !(type instanceof String expected)) {
      return value;
    }
    Object json = value;
    if (value instanceof String text && !expected.equals("string")) {
      try {
        json = Json.parse(text, "'" + name + "'");
      } catch (SheaveException e) {
        throw wrong(name, expected, value);
      }
    }
    if (!matches(json, expected)) {
      throw wrong(name, expected, value);
    }
    return json;
  }

  private static boolean matches(@Nullable Object json, String expected) {
    return switch (expected) {
      case "string" -> json instanceof String;
      case "integer" ->
          json instanceof Integer || json instanceof Long || json instanceof java.math.BigInteger;
      case "number" -> json instanceof Number;
      case "boolean" -> json instanceof Boolean;
      case "array" -> json instanceof List;
      case "object" -> json instanceof Map;
      default -> true;
    };
  }

  private static SheaveException wrong(String name, String expected, Object given) {
    return new SheaveException(
        Code.INVALID,
        "The parameter '"
            + name
            + "' must be of the type '"
            + expected
            + "', not "
            + (given instanceof String text ? "the text '" + text + "'" : Json.write(given))
            + ".");
  }
}
