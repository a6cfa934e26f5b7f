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
   * Makes a value of a JSON value.
   *
   * @param json not null
   * @param path names the field in messages
   * @throws SheaveException {@code INVALID}, naming the path, what was given and what is expected
   */
  public abstract Object read(Object json, String path, ReadContext context);

  /** Describes the values by JSON schema; a modifiable map. */
  public abstract Map<String, @Nullable Object> schema(Definitions definitions);

  /** Says what is expected, to end a sentence: {@code a whole number}. */
  public abstract String expectation();

  /** Names the places of secrets and blocks at and below a path. */
  void findSecretPaths(String path, SecretPaths secretPaths) {}

  /**
   * Returns the parts of a JSON value that reading leaves out, in its shape; null if there are
   * none.
   */
  public @Nullable Object unknownParts(Object json) {
    return null;
  }

  /**
   * Puts what {@link #unknownParts} returned for an older value into a JSON value, as far as its
   * places are still there.
   */
  public void putBack(Object json, Object unknown) {}

  /**
   * Returns the JSON value that a text stands for, as somebody types it: text for texts, JSON for
   * everything else.
   *
   * @throws SheaveException {@code INVALID} if it can't be one
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

  /** The JSON texts that values can be, if these are few; empty for others. */
  public List<String> choices() {
    return List.of();
  }

  /** The error for a value of another kind. */
  protected final SheaveException wrong(@Nullable Object given, String path) {
    return new SheaveException(
        Code.INVALID, "'" + path + "' must be " + expectation() + ", not " + describe(given) + ".");
  }

  /**
   * Names a JSON value by its kind, and a short text or number by itself, unless values of this
   * type may hold secrets: one may have been put there in the wrong shape.
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
          ? "a text of " + text.length() + " characters"
          : mayBeSecret ? "a text" : "'" + text + "'";
    }
    return !mayBeSecret ? given.toString() : given instanceof Boolean ? "a boolean" : "a number";
  }

  final boolean mayHoldSecrets() {
    return holdsBlocks() || !secretPaths().secrets().isEmpty();
  }

  /** Whether there may be blocks at or below values of this type. */
  final boolean holdsBlocks() {
    return !secretPaths().blocks().isEmpty();
  }

  private SecretPaths secretPaths() {
    SecretPaths secretPaths = new SecretPaths();
    findSecretPaths("value", secretPaths);
    return secretPaths;
  }
}
