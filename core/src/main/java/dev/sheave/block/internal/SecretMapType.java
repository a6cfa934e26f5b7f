package dev.sheave.block.internal;

import dev.sheave.block.SecretMap;
import dev.sheave.internal.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON objects of which every leaf is a secret. */
final class SecretMapType extends ValueType {
  static final SecretMapType INSTANCE = new SecretMapType();

  private SecretMapType() {}

  @Override
  public Object read(Object json, String path, ReadContext context) {
    if (json instanceof Map<?, ?> map) {
      SecretMap read = SecretMap.of(Json.asObject(map));
      read.map(leaf -> context.readSecret(leaf.reveal(), path).reveal());
      return read;
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

  @Override
  void findPlaces(String path, Places places) {
    places.addSecret(path + ".*");
  }
}
