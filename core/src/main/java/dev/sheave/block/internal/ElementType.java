package dev.sheave.block.internal;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The type of the elements of a list or a map.
 *
 * @param type the type
 * @param nullable whether elements may be null
 */
record ElementType(ValueType type, boolean nullable) {

  @Nullable Object read(@Nullable Object json, String path, ReadContext context) {
    if (json == null) {
      if (nullable) {
        return null;
      }
      throw type.wrong(null, path);
    }
    return type.read(json, path, context);
  }

  /** Describes the elements by JSON schema. */
  Map<String, @Nullable Object> schema(Definitions definitions) {
    Map<String, @Nullable Object> schema = type.schema(definitions);
    if (!definitions.isExact() || nullable) {
      return schema;
    }
    Map<String, @Nullable Object> exact = new LinkedHashMap<>();
    if (schema.containsKey("$ref")) {
      exact.put("allOf", List.of(schema)); // what stands beside a reference is ignored
    } else {
      exact.putAll(schema);
    }
    exact.put("nullable", false);
    return exact;
  }
}
