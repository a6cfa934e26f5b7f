package dev.sheave.block.internal;

import dev.sheave.block.Secret;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Secrets: strings that are masked wherever they are shown. */
public final class SecretType extends ValueType {
  static final SecretType INSTANCE = new SecretType();

  private static final Pattern REFERENCE = Pattern.compile(ParameterSchema.SECRET + "/[a-z0-9-]+");

  private SecretType() {}

  /** Whether a value names a saved secret: {@code secret/name}. */
  public static boolean isReference(Object json) {
    return json instanceof String text && REFERENCE.matcher(text).matches();
  }

  @Override
  public Object read(Object json, String path, ReadContext context) {
    Secret saved = context.savedSecret(json, path);
    if (saved != null) {
      return saved;
    }
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
    if (definitions.isExact()) {
      schema.put(ParameterSchema.BLOCK_TYPE, ParameterSchema.SECRET);
    }
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
