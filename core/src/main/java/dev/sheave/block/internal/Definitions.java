package dev.sheave.block.internal;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The schemas that a schema refers to by name. Not safe for use by several threads. */
public final class Definitions {
  private final Map<String, @Nullable Object> byName = new LinkedHashMap<>();
  private final Map<String, Class<?>> owners = new LinkedHashMap<>();

  /** Returns a reference to the schema of a class, which is made when it isn't there yet. */
  public Map<String, @Nullable Object> reference(
      Class<?> type, Supplier<Map<String, @Nullable Object>> schema) {
    String name = type.getSimpleName();
    Class<?> owner = owners.putIfAbsent(name, type);
    if (owner == null) {
      byName.put(name, Map.of());
      byName.put(name, schema.get());
    } else if (!owner.equals(type)) {
      throw new SheaveException(
          Code.INVALID,
          "'"
              + owner.getName()
              + "' and '"
              + type.getName()
              + "' can't be in one schema, since their simple names are the same; rename one.");
    }
    Map<String, @Nullable Object> reference = new LinkedHashMap<>();
    reference.put("$ref", "#/definitions/" + name);
    return reference;
  }

  /** Takes over the definitions of a nested schema. */
  public void addAll(Map<String, @Nullable Object> others) {
    others.forEach(byName::putIfAbsent);
  }

  /** The schemas by name. */
  public Map<String, @Nullable Object> byName() {
    return byName;
  }
}
