package dev.sheave.block.internal;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The definitions of a schema, which it refers to by name. Not safe for use by several threads. */
public final class Definitions {
  private final Map<String, @Nullable Object> byName = new LinkedHashMap<>();
  private final Map<String, Class<?>> owners = new LinkedHashMap<>();

  /** Returns a reference to the schema of a class, adding it if it is missing. */
  public Map<String, @Nullable Object> reference(
      Class<?> type, Supplier<Map<String, @Nullable Object>> schema) {
    String name = type.getSimpleName();
    Class<?> owner = owners.putIfAbsent(name, type);
    if (owner == null) {
      Object nested = byName.get(name);
      byName.put(name, Map.of());
      Map<String, @Nullable Object> made = schema.get();
      byName.put(name, made);
      if (nested != null && !nested.equals(made)) {
        throw clash(name);
      }
    } else if (!owner.equals(type)) {
      throw clash(name);
    }
    Map<String, @Nullable Object> reference = new LinkedHashMap<>();
    reference.put("$ref", "#/definitions/" + name);
    return reference;
  }

  /** Takes over the definitions of a nested schema. */
  public void addAll(Map<String, @Nullable Object> others) {
    others.forEach(
        (name, schema) -> {
          Object there = byName.putIfAbsent(name, schema);
          // an empty one is being computed
          if (there != null && !there.equals(Map.of()) && !there.equals(schema)) {
            throw clash(name);
          }
        });
  }

  private static SheaveException clash(String name) {
    return new SheaveException(
        Code.INVALID,
        "Two different classes named "
            + name
            + " can't be in one schema: it distinguishes classes by their simple names. Rename"
            + " one.");
  }

  /** The schemas by name. */
  public Map<String, @Nullable Object> byName() {
    return byName;
  }
}
