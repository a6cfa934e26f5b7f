package dev.sheave.block.internal;

import dev.sheave.internal.Json;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Records, as JSON objects. */
final class RecordType extends ValueType {
  private final Class<?> type;

  RecordType(Class<?> type) {
    this.type = type;
  }

  @Override
  public Object read(Object json, String path, ReadContext context) {
    if (json instanceof Map<?, ?> map) {
      return model().read(Json.asObject(map), path, context);
    }
    throw wrong(json, path);
  }

  @Override
  public Map<String, @Nullable Object> schema(Definitions definitions) {
    return definitions.reference(type, () -> model().schema(definitions));
  }

  @Override
  public String expectation() {
    return "an object";
  }

  @Override
  void findSecretPaths(String path, SecretPaths secretPaths) {
    secretPaths.enter(model(), path);
  }

  @Override
  public Map<String, FieldModel> innerFields() {
    return model().fields();
  }

  @Override
  public @Nullable Object unknownParts(Object json) {
    Map<String, @Nullable Object> unknown =
        json instanceof Map<?, ?> map ? model().unknownParts(Json.asObject(map)) : Map.of();
    return unknown.isEmpty() ? null : unknown;
  }

  @Override
  public void putBack(Object json, Object unknown) {
    if (json instanceof Map<?, ?> map && unknown instanceof Map<?, ?> parts) {
      model().putBack(Json.asObject(map), Json.asObject(parts));
    }
  }

  /** Found when it is first needed, since records may be recursive. */
  ObjectModel model() {
    return ObjectModel.of(type);
  }
}
