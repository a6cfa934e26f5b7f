package dev.sheave.block.internal;

import dev.sheave.SheaveException;
import dev.sheave.block.Block;
import dev.sheave.block.Secret;
import dev.sheave.internal.Arguments;
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
 * class isn't there. What it doesn't know it lets through, for the run to judge: schemas may come
 * from other programs. Immutable.
 */
public final class ParameterSchema {
  /** Marks a place of a block, with its type; of a secret, too. */
  static final String BLOCK_TYPE = "block_type_slug";

  /** Marks a place of a block of any type that can do something. */
  static final String BLOCK_CAPABILITIES = "block_capabilities";

  /** The type of blocks that hold a secret each. */
  static final String SECRET = "secret";

  private final Map<String, @Nullable Object> schema;
  private final Map<String, @Nullable Object> properties;
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
    this.schema = schema;
    this.types = types;
    this.properties = SchemaPart.object(schema.get("properties"));
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
   * What a block must be.
   *
   * @param types of one of these types; of any if empty
   * @param capabilities with all these capabilities
   */
  public record BlockPlace(List<String> types, List<String> capabilities) {}

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
    return properties.keySet();
  }

  /** Returns those that must have a value and have none in any of some maps. */
  @SafeVarargs
  public final List<String> missing(Map<String, ? extends @Nullable Object>... values) {
    List<String> missing = new ArrayList<>(SchemaPart.texts(schema.get("required")));
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
    List<String> required = SchemaPart.texts(schema.get("required"));
    SchemaWalk walk = new SchemaWalk(schema, places, problems);
    values.forEach(
        (name, value) -> {
          if (properties.containsKey(Arguments.require(name, "The name of a parameter"))) {
            SchemaPart part = SchemaPart.of(properties.get(name), schema);
            Object json;
            try {
              json =
                  value instanceof String text
                      ? walk.fromText(text, name, part)
                      : JavaToJson.convert(value, name, types.get(name), KEEPING);
            } catch (SheaveException e) {
              problems.add(e.getMessage());
              return;
            }
            if (json == null && required.contains(name)) {
              problems.add("'" + name + "' is missing; it must be " + part.expectation() + ".");
            }
            checked.put(name, json == null ? null : walk.check(json, name, part));
          } else {
            problems.add(unknown(owner, name));
          }
        });
    return checked;
  }

  /** Returns values with other ones in the places of secrets and blocks; whatever else they are. */
  public Map<String, @Nullable Object> replace(
      Map<String, ? extends @Nullable Object> values, Places places) {
    Map<String, @Nullable Object> known = new LinkedHashMap<>(values);
    known.keySet().retainAll(properties.keySet());
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
    return SchemaPart.of(properties.get(name), schema).isSecret();
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
      problems.add("The parameter '" + name + "' of the " + owner + " is missing.");
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
