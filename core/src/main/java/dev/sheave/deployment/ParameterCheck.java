package dev.sheave.deployment;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.DeploymentRecord;
import dev.sheave.block.internal.JavaToJson;
import dev.sheave.internal.Suggestions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Checks the parameters of a run against the schema of its deployment. */
final class ParameterCheck {

  private ParameterCheck() {}

  /**
   * Returns the values; strings are converted if the schema has another type.
   *
   * @throws SheaveException {@code INVALID} for an unknown or missing parameter, or a value of the
   *     wrong type
   */
  static Map<String, @Nullable Object> check(
      DeploymentRecord deployment, Map<String, ? extends @Nullable Object> values) {
    ParameterSchema schema = new ParameterSchema(deployment.spec().parameterSchema());
    Map<String, @Nullable Object> checked = new LinkedHashMap<>();
    values.forEach(
        (name, value) -> {
          if (!schema.properties().containsKey(name)) {
            throw unknown(deployment, name, schema.properties().keySet());
          }
          Object json = JavaToJson.convert(value, name, null, JavaToJson.IN_THE_CLEAR);
          checked.put(name, schema.convert(name, json));
        });
    for (String name : schema.required()) {
      if (checked.get(name) == null && deployment.spec().parameters().get(name) == null) {
        throw new SheaveException(
            Code.INVALID,
            "The parameter '"
                + name
                + "' of the deployment '"
                + deployment.fullName()
                + "' is missing; set it with --param "
                + name
                + "=VALUE.");
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
            + Suggestions.hint(name, known)
            + (known.isEmpty()
                ? " It has no parameters."
                : " Its parameters are: " + String.join(", ", known) + "."));
  }
}
