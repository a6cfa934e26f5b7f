package dev.sheave.block.internal;

import dev.sheave.block.Secret;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Secrets: texts that are masked wherever they are shown. */
final class SecretType extends ValueType {
  static final SecretType INSTANCE = new SecretType();

  private SecretType() {}

  @Override
  public Object read(Object json, String path, ReadContext context) {
    if (json instanceof String text) {
      return Secret.of(text);
    }
    throw wrong(json, path);
  }

  @Override
  public Object write(Object value, WriteContext context) {
    return context.secret((Secret) value);
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
    return "a text";
  }

  /** Says the kind and never the value, which may be a secret that was put in the wrong shape. */
  @Override
  protected String describe(@Nullable Object given) {
    return given instanceof Number
        ? "a number"
        : given instanceof Boolean ? "a boolean" : super.describe(given);
  }

  @Override
  public void secretPaths(String path, Consumer<String> sink) {
    sink.accept(path);
  }

  @Override
  public Object fromText(String text, String path) {
    return text;
  }
}
