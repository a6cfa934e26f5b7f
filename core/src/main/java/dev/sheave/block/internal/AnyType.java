package dev.sheave.block.internal;

import dev.sheave.internal.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Any JSON value, as plain Java values. */
final class AnyType extends ValueType {
  static final AnyType INSTANCE = new AnyType();

  private AnyType() {}

  @Override
  public Object read(Object json, String path, ReadContext context) {
    return Objects.requireNonNull(Json.copy(json));
  }

  @Override
  public Map<String, @Nullable Object> schema(Definitions definitions) {
    return new LinkedHashMap<>();
  }

  @Override
  public String expectation() {
    return "a JSON value";
  }

  /** Parses the string as JSON, or returns it unchanged if it isn't JSON. */
  @Override
  public @Nullable Object fromText(String text, String path) {
    try {
      return Json.parse(text, path);
    } catch (dev.sheave.SheaveException e) {
      return text;
    }
  }
}
