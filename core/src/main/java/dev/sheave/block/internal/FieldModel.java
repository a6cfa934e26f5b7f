package dev.sheave.block.internal;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.block.BlockField.LocalPath;
import dev.sheave.internal.Json;
import dev.sheave.internal.LocalPaths;
import dev.sheave.internal.TypeNames;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A field of a block or a record, or a parameter of a flow.
 *
 * @param name its name in JSON
 * @param title the display name
 * @param description the description, or empty
 * @param placeholder an example of a value, or empty
 * @param type its type
 * @param presence whether it must be given
 * @param defaultValue the default as a JSON value, or null
 * @param localPath whether it is a path of this machine
 * @param source the Java field or method to read an object's value from; null for constants and
 *     parameters
 */
public record FieldModel(
    String name,
    String title,
    String description,
    String placeholder,
    ValueType type,
    Presence presence,
    @Nullable Object defaultValue,
    LocalPath localPath,
    @Nullable Member source) {

  /** Whether a field is required, and its Java value if it is missing. */
  public enum Presence {
    /** It is required, unless it has a default. */
    REQUIRED,
    /** It is null if it is missing. */
    NULLABLE,
    /** It is an {@link Optional}. */
    OPTIONAL,
    /** It is constant, and not part of the Java object. */
    CONSTANT
  }

  /** Returns whether it is required. */
  public boolean isRequired() {
    return presence == Presence.REQUIRED && defaultValue == null;
  }

  /**
   * Returns this field's JSON value from an object, or else the default. An explicit null is kept
   * if the field is nullable, and stands for the default otherwise.
   */
  public @Nullable Object jsonIn(Map<String, ? extends @Nullable Object> values) {
    Object given = values.get(name);
    boolean isGiven = given != null || values.containsKey(name) && presence != Presence.REQUIRED;
    return isGiven ? given : defaultValue;
  }

  /** Reads this field's Java value from an object. */
  @Nullable Object read(
      Map<String, ? extends @Nullable Object> values, String path, ReadContext context) {
    return readValue(jsonIn(values), path, context);
  }

  /** Converts a JSON value to the Java value. */
  public @Nullable Object readValue(@Nullable Object given, String path, ReadContext context) {
    if (given == null) {
      if (presence == Presence.REQUIRED) {
        throw new SheaveException(
            Code.INVALID, "'" + path + "' is missing; it must be " + type.expectation() + ".");
      }
      return presence == Presence.OPTIONAL ? Optional.empty() : null;
    }
    Object value = type.read(given, path, context);
    return presence == Presence.OPTIONAL ? Optional.of(value) : value;
  }

  /** Returns a JSON value of the field as it is saved: a path of this machine is absolute. */
  public @Nullable Object resolved(@Nullable Object json) {
    return localPath != LocalPath.NO && json instanceof String text
        ? LocalPaths.of(text).toString()
        : json;
  }

  /** Returns the Java value of an object's field. */
  @Nullable Object valueOf(Object owner) {
    if (type instanceof ConstantType constant) {
      return constant.value();
    }
    Member member = source;
    try {
      if (member instanceof Field field) {
        return field.get(owner);
      }
      if (member instanceof Method method) {
        return method.invoke(owner);
      }
      return null;
    } catch (IllegalAccessException e) {
      throw new SheaveException(
          Code.INVALID,
          "The field '"
              + name
              + "' of "
              + TypeNames.of(owner.getClass())
              + " can't be read; open its package to Sheave.",
          e);
    } catch (InvocationTargetException e) {
      throw new SheaveException(
          Code.INVALID,
          "The field '"
              + name
              + "' of "
              + TypeNames.of(owner.getClass())
              + " can't be read: its accessor failed with "
              + ObjectModel.describe(e)
              + ".",
          e.getCause());
    }
  }

  /** Describes the field by JSON schema. */
  public Map<String, @Nullable Object> schema(Definitions definitions) {
    Map<String, @Nullable Object> ofType = type.schema(definitions);
    Map<String, @Nullable Object> schema = new LinkedHashMap<>();
    schema.put("title", title);
    if (!description.isEmpty()) {
      schema.put("description", description);
    }
    if (defaultValue != null && !isEmptyContainer(defaultValue)) {
      schema.put("default", defaultValue);
    }
    if (!placeholder.isEmpty()) {
      schema.put("example", placeholder);
    }
    if (ofType.containsKey("$ref")) {
      // siblings of a reference are ignored by readers of the dialect
      schema.put("allOf", List.of(ofType));
    } else {
      schema.putAll(ofType);
    }
    return schema;
  }

  /** The reference leaves out the defaults of containers, which are made by a factory there. */
  private static boolean isEmptyContainer(Object value) {
    return value instanceof Map<?, ?> map && map.isEmpty()
        || value instanceof List<?> list && list.isEmpty();
  }

  /** Converts {@code bucketPath} to {@code bucket_path}. */
  static String snakeCase(String javaName) {
    StringBuilder name = new StringBuilder();
    for (int i = 0; i < javaName.length(); i++) {
      char c = javaName.charAt(i);
      if (Character.isUpperCase(c) && i > 0) {
        boolean afterLower = !Character.isUpperCase(javaName.charAt(i - 1));
        boolean beforeLower =
            i + 1 < javaName.length() && Character.isLowerCase(javaName.charAt(i + 1));
        if (afterLower || beforeLower) {
          name.append('_');
        }
      }
      name.append(Character.toLowerCase(c));
    }
    return name.toString();
  }

  /** Converts {@code bucket_path} to {@code bucketPath}. */
  static String camelCase(String name) {
    StringBuilder javaName = new StringBuilder();
    for (String part : name.split("_")) {
      if (javaName.isEmpty()) {
        javaName.append(part);
      } else if (!part.isEmpty()) {
        javaName.append(Character.toUpperCase(part.charAt(0))).append(part.substring(1));
      }
    }
    return javaName.toString();
  }

  /** Converts {@code bucket_path} to {@code Bucket Path}. */
  static String titleOf(String name) {
    StringBuilder title = new StringBuilder();
    for (String part : name.split("_")) {
      if (!part.isEmpty()) {
        title.append(title.isEmpty() ? "" : " ");
        title.append(Character.toUpperCase(part.charAt(0))).append(part.substring(1));
      }
    }
    return title.toString();
  }

  /** Reads the default of an annotation: JSON, or else a plain string. */
  static @Nullable Object parseDefault(String text, ValueType type, String path) {
    if (text.isEmpty()) {
      return null;
    }
    try {
      return Json.parse(text, path);
    } catch (SheaveException e) {
      return type.fromText(text, path);
    }
  }
}
