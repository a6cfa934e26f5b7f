package dev.sheave.block.internal;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.internal.Json;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How values of one Java type are read, written and described. Immutable. */
public abstract class ValueType {

  /**
   * Converts a JSON value to a value.
   *
   * @param json not null
   * @param path names the field in messages
   * @throws SheaveException {@code INVALID}, naming the path, the value and the expected type
   */
  public abstract Object read(Object json, String path, ReadContext context);

  /** Describes the values by JSON schema; a modifiable map. */
  public abstract Map<String, @Nullable Object> schema(Definitions definitions);

  /** Describes the expected values, to end a sentence: {@code a whole number}. */
  public abstract String expectation();

  /** Adds the paths of secrets and blocks at and below a path. */
  void findSecretPaths(String path, SecretPaths secretPaths) {}

  /**
   * Returns the parts of a JSON value that this type doesn't know, in the same structure; null if
   * there are none.
   */
  public @Nullable Object unknownParts(Object json) {
    return null;
  }

  /**
   * Merges the result of {@link #unknownParts} for an older value into a JSON value, as far as the
   * places still exist.
   */
  public void putBack(Object json, Object unknown) {}

  /**
   * Converts typed input to a JSON value: the input itself for strings, parsed JSON for everything
   * else.
   *
   * @throws SheaveException {@code INVALID} if the input isn't valid
   */
  public @Nullable Object fromText(String text, String path) {
    try {
      return Json.parse(text, path);
    } catch (SheaveException e) {
      throw wrong(text, path);
    }
  }

  /** The fields of values that have named parts, such as records; empty for others. */
  public Map<String, FieldModel> innerFields() {
    return Map.of();
  }

  /** The possible JSON strings, if they are few; empty for other types. */
  public List<String> choices() {
    return List.of();
  }

  /** Returns the exception for a value of the wrong type. */
  protected final SheaveException wrong(@Nullable Object given, String path) {
    return new SheaveException(
        Code.INVALID, "'" + path + "' must be " + expectation() + ", not " + describe(given) + ".");
  }

  /**
   * Describes a JSON value by its kind, or a short string or number by its value, unless this type
   * may hold secrets: a secret may have been given in the wrong form.
   */
  final String describe(@Nullable Object given) {
    return describe(given, mayHoldSecrets());
  }

  /**
   * Names a JSON value by its kind, and a short text or number by itself.
   *
   * @param mayBeSecret whether it isn't shown by itself
   */
  static String describe(@Nullable Object given, boolean mayBeSecret) {
    if (given == null) {
      return "null";
    }
    if (given instanceof Map) {
      return "an object";
    }
    if (given instanceof List) {
      return "a list";
    }
    if (given instanceof String text) {
      return text.length() > 40
          ? "a string of " + text.length() + " characters"
          : mayBeSecret ? "a string" : "'" + text + "'";
    }
    return !mayBeSecret ? given.toString() : given instanceof Boolean ? "a boolean" : "a number";
  }

  final boolean mayHoldSecrets() {
    return holdsBlocks() || !secretPaths().secrets().isEmpty();
  }

  /** Whether values of this type may be or contain blocks. */
  final boolean holdsBlocks() {
    return !secretPaths().blocks().isEmpty();
  }

  /** The classes of the blocks that values of this type may be or contain. */
  public final List<Class<?>> blockClasses() {
    return secretPaths().blocks().values().stream().flatMap(List::stream).toList();
  }

  private SecretPaths secretPaths() {
    SecretPaths secretPaths = new SecretPaths();
    findSecretPaths("value", secretPaths);
    return secretPaths;
  }
}
