package dev.sheave.block.internal;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A constant string: the {@code type} field that the protocol has in infrastructure blocks. */
final class ConstantType extends ValueType {
  private final String value;

  ConstantType(String value) {
    this.value = value;
  }

  String value() {
    return value;
  }

  @Override
  public Object read(Object json, String path, ReadContext context) {
    if (!value.equals(json)) {
      throw wrong(json, path);
    }
    return value;
  }

  @Override
  public Map<String, @Nullable Object> schema(Definitions definitions) {
    Map<String, @Nullable Object> schema = new LinkedHashMap<>();
    schema.put("default", value);
    schema.put("enum", List.of(value));
    schema.put("type", "string");
    return schema;
  }

  @Override
  public String expectation() {
    return "'" + value + "'";
  }

  @Override
  public Object fromText(String text, String path) {
    return text;
  }
}
