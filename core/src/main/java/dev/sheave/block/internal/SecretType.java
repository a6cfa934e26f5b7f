package dev.sheave.block.internal;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Secrets: strings that are masked wherever they are shown. */
final class SecretType extends ValueType {
  static final SecretType INSTANCE = new SecretType();

  private SecretType() {}

  @Override
  public Object read(Object json, String path, ReadContext context) {
    if (json instanceof String text) {
      return context.readSecret(text, path);
    }
    throw wrong(json, path);
  }

  @Override
  public Map<String, @Nullable Object> schema(Definitions definitions) {
    Map<String, @Nullable Object> schema = new LinkedHashMap<>();
    schema.put("type", "string");
    schema.put("writeOnly", true);
    schema.put("format", "password");
    return schema;
  }

  @Override
  public String expectation() {
    return "a string";
  }

  @Override
  void findSecretPaths(String path, SecretPaths secretPaths) {
    secretPaths.addSecret(path);
  }

  @Override
  public Object fromText(String text, String path) {
    return text;
  }
}
