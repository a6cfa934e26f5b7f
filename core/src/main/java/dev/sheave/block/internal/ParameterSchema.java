package dev.sheave.block.internal;

import dev.sheave.SheaveException;
import dev.sheave.block.Block;
import dev.sheave.block.Secret;
import dev.sheave.internal.Arguments;
import dev.sheave.internal.JsonSchema;
import dev.sheave.internal.JsonSchema.BlockPlace;
import dev.sheave.internal.Suggestions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The JSON schema of a flow's parameters, and the one check of values against it: of those that a
 * program or a command gives, of a deployment's file, and of a stored deployment, whose flow's
 * class isn't there. Keywords that it doesn't know it leaves to {@link #checkKeywords}: schemas may
 * come from other programs. Immutable.
 */
public final class ParameterSchema {
  private final JsonSchema schema;
  private final Map<String, ValueType> types;

  /** Keeps what only a place for it can take, which the walk through the schema finds. */
  private static final JavaToJson.Context KEEPING =
      new JavaToJson.Context() {
        @Override
        public Object secret(Secret secret, String path) {
          return secret;
        }

        @Override
        public Object block(Block block, String path) {
          return block;
        }

        @Override
        public boolean isChecked() {
          return true;
        }
      };

  /** Reads a schema. */
  public ParameterSchema(Map<String, @Nullable Object> schema) {
    this(schema, Map.of());
  }

  /**
   * Reads a schema of parameters whose Java types are known.
   *
   * @param types by name, what Java values are converted for
   */
  public ParameterSchema(Map<String, @Nullable Object> schema, Map<String, ValueType> types) {
    this.schema = JsonSchema.of(schema);
    this.types = types;
  }

  /** What becomes of values that are secrets and blocks, or stand for them. */
  public interface Places {
    /** Leaves all values as they are. */
    Places UNTOUCHED =
        new Places() {
          @Override
          public Object secret(Object value, String path) {
            return value;
          }

          @Override
          public Object block(Object value, String path, BlockPlace place) {
            return value;
          }
        };

    /** Puts masks in the places of secrets, and of blocks that aren't named. */
    Places MASKED =
        new Places() {
          @Override
          public Object secret(Object value, String path) {
            return isSecretReference(value) ? value : Secret.MASK;
          }

          @Override
          public Object block(Object value, String path, BlockPlace place) {
            return isBlockReference(value) ? value : Secret.MASK;
          }
        };

    /**
     * Returns what stands for a secret.
     *
     * @param value the secret's text, the JSON object of a map of secrets, {@code secret/name} or
     *     an object with a {@code $ref}
     */
    Object secret(Object value, String path);

    /**
     * Returns what stands for a block.
     *
     * @param value {@code type/name}, an object with a {@code $ref}, or one with its values
     */
    Object block(Object value, String path, BlockPlace place);
  }

  /**
   * Whether a value in the place of a secret refers to a saved one: {@code secret/name}, or an
   * object with a {@code $ref}.
   */
  public static boolean isSecretReference(Object value) {
    return value instanceof Map<?, ?> map ? map.containsKey("$ref") : SecretType.isReference(value);
  }

  /**
   * Whether a value in the place of a block refers to a saved one: {@code type/name}, or an object
   * with a {@code $ref}.
   */
  public static boolean isBlockReference(Object value) {
    return value instanceof Map<?, ?> map
        ? map.containsKey("$ref")
        : value instanceof String text && NestedBlockType.isReference(text);
  }

  /** The names of the parameters, in order. */
  public Collection<String> names() {
    return schema.propertyNames();
  }

  /** Returns those that must have a value and have none in any of some maps. */
  @SafeVarargs
  public final List<String> missing(Map<String, ? extends @Nullable Object>... values) {
    List<String> missing = new ArrayList<>(schema.required());
    for (Map<String, ? extends @Nullable Object> each : values) {
      missing.removeIf(name -> each.get(name) != null);
    }
    return missing;
  }

  /**
   * Checks some values.
   *
   * @param owner names what has the parameters, for messages: {@code flow 'x'}
   * @param values Java or JSON values, or texts to be converted where the schema has something else
   * @param problems what is wrong is added to these
   * @return the JSON values
   */
  public Map<String, @Nullable Object> check(
      String owner,
      Map<String, ? extends @Nullable Object> values,
      Places places,
      Problems problems) {
    Map<String, @Nullable Object> checked = new LinkedHashMap<>();
    List<String> required = schema.required();
    Map<String, JsonSchema> properties = schema.properties();
    SchemaWalk walk = new SchemaWalk(places, problems);
    values.forEach(
        (name, value) -> {
          JsonSchema part = properties.get(Arguments.require(name, "The name of a parameter"));
          if (part != null) {
            Object json;
            try {
              json =
                  value instanceof String text
                      ? walk.fromText(text, name, part)
                      : JavaToJson.convert(value, name, types.get(name), KEEPING);
            } catch (SheaveException e) {
              problems.add(name, e);
              return;
            }
            if (json == null && required.contains(name)) {
              problems.add(
                  name,
                  "'" + name + "' is missing; it must be " + SchemaWalk.expectation(part) + ".");
            }
            checked.put(name, json == null ? null : walk.check(json, name, part));
          } else {
            problems.add(name, unknown(owner, name));
          }
        });
    return checked;
  }

  /**
   * Checks what {@link #check} leaves out: by the keywords of other programs' schemas that it
   * doesn't read.
   *
   * @param values JSON values; blocks and secrets among them aren't looked at
   */
  public void checkKeywords(
      Map<String, ? extends @Nullable Object> values, SchemaKeywords keywords, Problems problems) {
    SchemaWalk walk = new SchemaWalk(Places.UNTOUCHED, new Problems(), keywords, problems);
    schema.unread().forEach(part -> keywords.check(part, values, "", problems));
    values.forEach(
        (name, value) -> {
          if (value != null) {
            walk.check(value, name, schema.property(name));
          }
        });
  }

  /** Returns values with other ones in the places of secrets and blocks; whatever else they are. */
  public Map<String, @Nullable Object> replace(
      Map<String, ? extends @Nullable Object> values, Places places) {
    Map<String, @Nullable Object> known = new LinkedHashMap<>(values);
    known.keySet().retainAll(schema.propertyNames());
    Map<String, @Nullable Object> replaced = new LinkedHashMap<>(values);
    replaced.putAll(check("", known, places, new Problems()));
    return replaced;
  }

  private String unknown(String owner, String name) {
    return "The "
        + owner
        + " has no parameter '"
        + name
        + "'."
        + Suggestions.hint(name, names())
        + (names().isEmpty()
            ? " It has no parameters."
            : " Its parameters are: " + String.join(", ", names()) + ".");
  }

  /** Returns whether a parameter is a secret, or a map of them. */
  public boolean isSecret(String name) {
    return schema.property(name).isSecret();
  }

  /** Returns the names of parameters whose values have secrets written out in them. */
  public List<String> writtenSecrets(Map<String, ? extends @Nullable Object> values) {
    List<String> found = new ArrayList<>();
    values.forEach(
        (name, value) -> {
          boolean[] isWritten = {false};
          Map<String, @Nullable Object> one = new LinkedHashMap<>();
          one.put(name, value);
          Places places =
              new Places() {
                @Override
                public Object secret(Object json, String path) {
                  isWritten[0] |= !isSecretReference(json);
                  return json;
                }

                @Override
                public Object block(Object json, String path, BlockPlace place) {
                  return json;
                }
              };
          check("", one, places, new Problems());
          if (isWritten[0] || isSecret(name) && value instanceof Map) {
            found.add(name);
          }
        });
    return found;
  }

  /** Says that parameters have no value. */
  public static void addMissing(String owner, List<String> names, Problems problems) {
    for (String name : names) {
      problems.add(name, "The parameter '" + name + "' of the " + owner + " is missing.");
    }
  }

  /** Says that a value can't be what it is to be. */
  static SheaveException wrong(
      String path, String expectation, @Nullable Object given, boolean mayBeSecret) {
    return new SheaveException(
        SheaveException.Code.INVALID,
        "'"
            + path
            + "' must be "
            + expectation
            + ", not "
            + ValueType.describe(given, mayBeSecret)
            + ".");
  }
}
