package dev.sheave.server.internal.pages;

import dev.sheave.api.BlockDocumentRecord;
import dev.sheave.internal.JsonSchema;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The values with which runs are started on an infrastructure, and where each comes from. */
final class InfraValues {
  private InfraValues() {}

  /** A value; its key is a field, or a place in one. */
  record Value(String key, String text, String from) {}

  /**
   * Returns the values of a block under overrides. Fields without a value are left out.
   *
   * @param block the block, its secrets masked; null if there is none
   * @param schema its schema
   * @param overrides those of the deployment, by dotted key
   */
  static List<Value> of(
      @Nullable BlockDocumentRecord block,
      JsonSchema schema,
      Map<String, @Nullable Object> overrides) {
    Map<String, @Nullable Object> own = block == null ? Map.of() : block.data();
    Map<String, Value> values = new LinkedHashMap<>();
    own.forEach(
        (field, value) -> {
          JsonSchema described = schema.property(field);
          boolean isDefault =
              described.has("default") && Objects.equals(described.get("default"), value);
          if (value != null && !(value instanceof Map<?, ?> map && map.isEmpty())) {
            values.put(
                field, new Value(field, Show.value(value), isDefault ? "type's default" : "block"));
          }
        });
    overrides.forEach(
        (key, value) ->
            values.put(key, new Value(key, Show.value(value), "deployment's override")));
    return new ArrayList<>(values.values());
  }
}
