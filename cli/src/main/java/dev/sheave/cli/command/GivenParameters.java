package dev.sheave.cli.command;

import dev.sheave.SheaveException;
import dev.sheave.block.internal.ParameterSchema;
import dev.sheave.cli.terminal.Terminal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Values of parameters as people give them to commands. */
final class GivenParameters {

  private GivenParameters() {}

  /**
   * Reads parameters: those of {@code --param} over those of {@code --params}. A secret may be read
   * from where it is, {@code token=@env:VARIABLE}; who writes it out is warned.
   *
   * @param schema the JSON schema of the parameters
   */
  static Map<String, @Nullable Object> read(
      List<String> each,
      @Nullable String all,
      Map<String, @Nullable Object> schema,
      Terminal terminal) {
    ParameterSchema parameters = new ParameterSchema(schema);
    Map<String, @Nullable Object> values = KeyValues.merged(List.of(), all, terminal);
    Map<String, @Nullable Object> written = new LinkedHashMap<>();
    if (all != null && !all.equals("-")) {
      written.putAll(values);
    }
    for (String text : each) {
      Map<String, @Nullable Object> one = KeyValues.merged(List.of(text), null, terminal);
      String name = one.keySet().iterator().next();
      if (String.valueOf(one.get(name)).startsWith("@") && parameters.isSecret(name)) {
        FieldAssignments secret = FieldAssignments.parse("NAME=VALUE", List.of(text));
        values.putAll(secret.texts(terminal));
        written.remove(name);
      } else {
        values.putAll(one);
        written.putAll(one);
      }
    }
    FieldAssignments.warnOfHistory(parameters.writtenSecrets(written), terminal);
    return values;
  }

  /**
   * Does something with parameters, and says how missing ones are given.
   *
   * @param missing finds the names of those
   */
  static <T> T withHint(Supplier<T> action, Supplier<List<String>> missing) {
    try {
      return action.get();
    } catch (SheaveException e) {
      List<String> names = e.code() == SheaveException.Code.INVALID ? missing.get() : List.of();
      if (names.isEmpty()) {
        throw e;
      }
      throw new SheaveException(
          e.code(), e.getMessage() + " Set it with --param " + names.get(0) + "=VALUE.", e);
    }
  }
}
