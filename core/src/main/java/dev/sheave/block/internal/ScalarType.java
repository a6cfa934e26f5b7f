package dev.sheave.block.internal;

import java.time.DateTimeException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A type whose values are single JSON strings, numbers or booleans. */
final class ScalarType extends ValueType {
  private final String expectation;
  private final Map<String, Object> schema;
  private final Function<Object, @Nullable Object> reader;
  private final Function<Object, Object> writer;
  private final boolean isText;
  private final Map<String, Object> exact;

  /**
   * Creates a type.
   *
   * @param reader converts the JSON value; returns null or throws if it isn't valid
   * @param isText whether its JSON values are strings
   */
  ScalarType(
      String expectation,
      Map<String, Object> schema,
      boolean isText,
      Function<Object, @Nullable Object> reader,
      Function<Object, Object> writer) {
    this(expectation, schema, isText, reader, writer, Map.of());
  }

  private ScalarType(
      String expectation,
      Map<String, Object> schema,
      boolean isText,
      Function<Object, @Nullable Object> reader,
      Function<Object, Object> writer,
      Map<String, Object> exact) {
    this.expectation = expectation;
    this.schema = schema;
    this.isText = isText;
    this.reader = reader;
    this.writer = writer;
    this.exact = exact;
  }

  /** The same type, which says more about its values in schemas that are exact. */
  ScalarType exactly(Map<String, Object> keywords) {
    return new ScalarType(expectation, schema, isText, reader, writer, keywords);
  }

  @Override
  public Object read(Object json, String path, ReadContext context) {
    Object value;
    try {
      value = reader.apply(json);
    } catch (IllegalArgumentException
        | ArithmeticException
        | DateTimeException
        | ClassCastException e) {
      throw wrong(json, path);
    }
    if (value == null) {
      throw wrong(json, path);
    }
    return value;
  }

  Object toJson(Object value) {
    return writer.apply(value);
  }

  @Override
  public Map<String, @Nullable Object> schema(Definitions definitions) {
    Map<String, @Nullable Object> described = new LinkedHashMap<>(schema);
    if (definitions.isExact()) {
      described.putAll(exact);
    }
    return described;
  }

  @Override
  public String expectation() {
    return expectation;
  }

  @Override
  public @Nullable Object fromText(String text, String path) {
    return isText ? text : super.fromText(text, path);
  }
}
