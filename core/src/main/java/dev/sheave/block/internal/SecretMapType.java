package dev.sheave.block.internal;

import dev.sheave.block.Secret;
import dev.sheave.block.SecretMap;
import dev.sheave.internal.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON objects of which every leaf is a secret. */
final class SecretMapType extends ValueType {
  static final SecretMapType INSTANCE = new SecretMapType();

  private SecretMapType() {}

  @Override
  public Object read(Object json, String path, ReadContext context) {
    Secret saved = context.savedSecret(json, path);
    if (saved != null) {
      return SecretMap.of(Json.parseObject(saved.reveal(), "The secret of '" + path + "'"));
    }
    if (json instanceof Map<?, ?> map) {
      return SecretMap.of(readLeaves(Json.asObject(map), path, context));
    }
    throw wrong(json, path);
  }

  private static Map<String, @Nullable Object> readLeaves(
      Map<String, @Nullable Object> map, String path, ReadContext context) {
    Map<String, @Nullable Object> read = new LinkedHashMap<>();
    map.forEach((key, value) -> read.put(key, readLeaves(value, path + "." + key, context)));
    return read;
  }

  private static @Nullable Object readLeaves(
      @Nullable Object json, String path, ReadContext context) {
    if (json instanceof Map<?, ?> map) {
      return readLeaves(Json.asObject(map), path, context);
    }
    if (json instanceof List<?> list) {
      List<@Nullable Object> read = new ArrayList<>();
      for (int i = 0; i < list.size(); i++) {
        read.add(readLeaves(list.get(i), path + "[" + i + "]", context));
      }
      return read;
    }
    return json instanceof String text ? context.readSecret(text, path).reveal() : json;
  }

  @Override
  public Map<String, @Nullable Object> schema(Definitions definitions) {
    Map<String, @Nullable Object> schema = new LinkedHashMap<>();
    schema.put("type", "object");
    if (definitions.isExact()) {
      schema.put("writeOnly", true);
      schema.put(ParameterSchema.BLOCK_TYPE, ParameterSchema.SECRET);
    }
    return schema;
  }

  @Override
  public String expectation() {
    return "an object";
  }

  @Override
  public @Nullable Object fromText(String text, String path) {
    return SecretType.isReference(text) ? text : super.fromText(text, path);
  }

  @Override
  void findSecretPaths(String path, SecretPaths secretPaths) {
    secretPaths.addSecret(path + ".*");
  }
}
