package dev.sheave.block.internal;

import dev.sheave.internal.Json;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Maps from strings to one element type. */
final class MapType extends ValueType {
  private final ElementType element;

  MapType(ElementType element) {
    this.element = element;
  }

  @Override
  public Object read(Object json, String path, ReadContext context) {
    if (!(json instanceof Map<?, ?> map)) {
      throw wrong(json, path);
    }
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    Problems problems = new Problems();
    Json.asObject(map)
        .forEach(
            (key, each) ->
                values.put(
                    key, problems.collect(() -> element.read(each, path + "." + key, context))));
    problems.throwIfAny();
    return Collections.unmodifiableMap(values);
  }

  @Override
  public Map<String, @Nullable Object> schema(Definitions definitions) {
    Map<String, @Nullable Object> schema = new LinkedHashMap<>();
    schema.put("type", "object");
    Map<String, @Nullable Object> elements = element.schema(definitions);
    if (!elements.isEmpty()) {
      schema.put("additionalProperties", elements);
    }
    return schema;
  }

  @Override
  public String expectation() {
    return "an object";
  }

  @Override
  void findSecretPaths(String path, SecretPaths secretPaths) {
    element.type().findSecretPaths(path + ".*", secretPaths);
  }

  @Override
  public @Nullable Object unknownParts(Object json) {
    if (!(json instanceof Map<?, ?> map)) {
      return null;
    }
    Map<String, @Nullable Object> unknown = new LinkedHashMap<>();
    Json.asObject(map)
        .forEach(
            (key, each) -> {
              Object inner = each == null ? null : element.type().unknownParts(each);
              if (inner != null) {
                unknown.put(key, inner);
              }
            });
    return unknown.isEmpty() ? null : unknown;
  }

  @Override
  public void putBack(Object json, Object unknown) {
    if (json instanceof Map<?, ?> map && unknown instanceof Map<?, ?> parts) {
      parts.forEach(
          (key, part) -> {
            Object each = map.get(key);
            if (each != null && part != null) {
              element.type().putBack(each, part);
            }
          });
    }
  }

  /** The type of the values. */
  ElementType element() {
    return element;
  }
}
