package dev.sheave.block.internal;

import dev.sheave.block.SecretMap;
import dev.sheave.internal.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** JSON objects of which every leaf is a secret. */
final class SecretMapType extends ValueType {
  static final SecretMapType INSTANCE = new SecretMapType();

  private SecretMapType() {}

  @Override
  public Object read(Object json, String path, ReadContext context) {
    if (json instanceof Map<?, ?> map) {
      return SecretMap.of(Json.asObject(map));
    }
    throw wrong(json, path);
  }

  @Override
  public Object write(Object value, WriteContext context) {
    return ((SecretMap) value).map(context::secret);
  }

  @Override
  public Map<String, @Nullable Object> schema(Definitions definitions) {
    Map<String, @Nullable Object> schema = new LinkedHashMap<>();
    schema.put("type", "object");
    return schema;
  }

  @Override
  public String expectation() {
    return "an object";
  }

  /** Says the kind and never the value, which may be a secret. */
  @Override
  protected String describe(@Nullable Object given) {
    return given instanceof java.util.List ? "a list" : given == null ? "null" : "a single value";
  }

  @Override
  public void secretPaths(String path, Consumer<String> sink) {
    sink.accept(path + ".*");
  }
}
