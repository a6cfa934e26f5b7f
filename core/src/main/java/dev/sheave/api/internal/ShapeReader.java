package dev.sheave.api.internal;

import dev.sheave.api.Change;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Notes which fields a codec reads, and reads examples as their values: so the code that reads a
 * record describes it, too. Used by one thread.
 */
final class ShapeReader extends FieldReader {
  private final Map<String, @Nullable Object> properties = new LinkedHashMap<>();
  private final Set<String> required = new TreeSet<>();

  ShapeReader() {
    super(Map.of(), "", new ArrayList<>());
  }

  /** The JSON schema of what was read, as OpenAPI 3.0 writes one. */
  Map<String, @Nullable Object> schema() {
    Map<String, @Nullable Object> schema =
        ValueKind.schema("type", "object", "properties", properties);
    if (!required.isEmpty()) {
      schema.put("required", List.copyOf(required));
    }
    return schema;
  }

  /** Notes a value that is written, and perhaps not read. */
  void noteWritten(String name, @Nullable Object value) {
    properties.putIfAbsent(name, ValueKind.schemaOf(value));
  }

  private void note(String name, Map<String, @Nullable Object> schema) {
    properties.merge(name, schema, (old, other) -> Map.of().equals(old) ? other : old);
  }

  @Override
  <T> @Nullable T optional(String name, Conversion<T> conversion, ValueKind kind) {
    note(name, kind.orNull());
    return conversion.convert(kind.example());
  }

  @Override
  <T> T required(String name, Conversion<T> conversion, ValueKind kind, T placeholder) {
    note(name, kind.schema());
    required.add(name);
    T value = conversion.convert(kind.example());
    return value == null ? placeholder : value;
  }

  @Override
  boolean has(String name) {
    return true;
  }

  @Override
  @Nullable Object value(String name) {
    note(name, Map.of());
    return ValueKind.TEXT.example();
  }

  @Override
  <T> T record(String name, RecordCodec<T> codec) {
    ShapeReader shape = new ShapeReader();
    T record = codec.read(shape);
    if (properties.containsKey(name)) {
      // it was asked whether it is there
      note(name, ValueKind.orNull(shape.schema()));
    } else {
      note(name, shape.schema());
      required.add(name);
    }
    return record;
  }

  @Override
  <T> T record(String name, RecordCodec<T> codec, T absent) {
    ShapeReader shape = new ShapeReader();
    T record = codec.read(shape);
    note(name, ValueKind.orNull(shape.schema()));
    return record;
  }

  @Override
  <T> @Nullable T recordOrNull(String name, RecordCodec<T> codec) {
    ShapeReader shape = new ShapeReader();
    T record = codec.read(shape);
    note(name, ValueKind.orNull(shape.schema()));
    return record;
  }

  @Override
  <T> List<T> records(String name, RecordCodec<T> codec) {
    ShapeReader shape = new ShapeReader();
    T record = codec.read(shape);
    note(name, ValueKind.orNull(ValueKind.schema("type", "array", "items", shape.schema())));
    return List.of(record);
  }

  @Override
  <T> Map<String, T> recordsByName(String name, RecordCodec<T> codec) {
    ShapeReader shape = new ShapeReader();
    T record = codec.read(shape);
    note(
        name,
        ValueKind.orNull(
            ValueKind.schema("type", "object", "additionalProperties", shape.schema())));
    return Map.of("name", record);
  }

  @Override
  <T> T same(RecordCodec<T> codec) {
    return codec.read(this);
  }

  @Override
  void checkOnlyOne(String... names) {
    // the examples have all
  }

  @Override
  <T> Change<T> change(String name, Function<String, ? extends @Nullable T> reading) {
    return Change.to(reading.apply(name));
  }
}
