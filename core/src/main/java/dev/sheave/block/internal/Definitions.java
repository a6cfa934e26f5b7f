package dev.sheave.block.internal;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The schemas that a schema refers to by name. Not safe for use by several threads.
 *
 * <p>The schemas of blocks are those of the reference, letter by letter. Those of parameters are
 * exact: values are checked by them where the flow's class isn't there, so they say in addition all
 * that reading a value would refuse. Others leave out the keywords they don't know.
 */
public final class Definitions {
  private final boolean exact;
  private final Map<String, @Nullable Object> byName = new LinkedHashMap<>();
  private final Map<String, Class<?>> owners = new LinkedHashMap<>();

  private Definitions(boolean exact) {
    this.exact = exact;
  }

  /** For schemas of blocks. */
  public static Definitions ofBlocks() {
    return new Definitions(false);
  }

  /** For schemas of parameters. */
  public static Definitions ofParameters() {
    return new Definitions(true);
  }

  /** Whether schemas say all that reading a value would refuse. */
  boolean isExact() {
    return exact;
  }

  /** Returns a reference to the schema of a class, which is made when it isn't there yet. */
  public Map<String, @Nullable Object> reference(
      Class<?> type, Supplier<Map<String, @Nullable Object>> schema) {
    String name = type.getSimpleName();
    Class<?> owner = owners.putIfAbsent(name, type);
    if (owner == null) {
      Object nested = byName.get(name);
      byName.put(name, Map.of());
      Map<String, @Nullable Object> made = schema.get();
      byName.put(name, made);
      // in the schemas of blocks, records look as they do there
      if (nested != null && !nested.equals(made) && !exact) {
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
          // an empty one is being made right now
          if (there != null && !there.equals(Map.of()) && !there.equals(schema) && !exact) {
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
