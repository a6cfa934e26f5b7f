package dev.sheave.api;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Leaves out the protocol's fields that say nothing, since servers write them all, and clients may
 * leave them out.
 */
final class ProtocolDefaults {

  private ProtocolDefaults() {}

  /** Returns fields without those that have the value that they have if they are absent. */
  static Map<String, @Nullable Object> without(
      Map<String, @Nullable Object> fields, Map<String, @Nullable Object> defaults) {
    Map<String, @Nullable Object> rest = new LinkedHashMap<>(fields);
    rest.entrySet()
        .removeIf(
            field ->
                defaults.containsKey(field.getKey())
                    && (field.getValue() == null
                        || isSame(field.getValue(), defaults.get(field.getKey()))));
    return Collections.unmodifiableMap(rest);
  }

  private static boolean isSame(Object value, @Nullable Object other) {
    return value instanceof Number number && other instanceof Number otherNumber
        ? number.doubleValue() == otherNumber.doubleValue()
        : value.equals(other);
  }
}
