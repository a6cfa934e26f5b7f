package dev.sheave.api.internal;

import dev.sheave.api.Change;
import dev.sheave.internal.Json;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Writes the fields of a JSON object. Used by one thread. */
public final class FieldWriter {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSSxxx").withZone(ZoneOffset.UTC);

  private final Map<String, @Nullable Object> json;

  FieldWriter(Map<String, @Nullable Object> json) {
    this.json = json;
  }

  /** Returns a time as the protocol writes it: in UTC, to the microsecond. */
  public static @Nullable String time(@Nullable Instant time) {
    return time == null ? null : TIME.format(TimeJson.check(time));
  }

  /** A string, number, boolean or JSON value. */
  FieldWriter value(String name, @Nullable Object value) {
    json.put(name, value);
    return this;
  }

  /** A value that is left out if it is null. */
  FieldWriter some(String name, @Nullable Object value) {
    return value == null ? this : value(name, value);
  }

  FieldWriter id(String name, @Nullable UUID id) {
    return value(name, id == null ? null : id.toString());
  }

  FieldWriter time(String name, @Nullable Instant time) {
    return value(name, time(time));
  }

  FieldWriter name(String name, @Nullable Enum<?> constant) {
    return value(name, constant == null ? null : constant.name());
  }

  /** A duration, in seconds: a whole number if it has no fraction. */
  FieldWriter seconds(String name, @Nullable Duration duration) {
    return value(name, duration == null ? null : seconds(duration));
  }

  /** A duration, in seconds with a fraction. */
  FieldWriter decimal(String name, Duration duration) {
    return value(name, decimal(duration));
  }

  /** Returns a duration in seconds. */
  public static double decimal(Duration duration) {
    return duration.getSeconds() + duration.getNano() / 1e9;
  }

  /** Durations in seconds: one as a number, several as a list, none as null. */
  FieldWriter secondsList(String name, List<Duration> durations) {
    List<Number> numbers = durations.stream().map(FieldWriter::seconds).toList();
    return value(name, numbers.isEmpty() ? null : numbers.size() == 1 ? numbers.get(0) : numbers);
  }

  private static Number seconds(Duration duration) {
    return duration.getNano() == 0 ? (Number) duration.getSeconds() : (Number) decimal(duration);
  }

  /** Strings, or what reads as one, such as ids and names of constants. */
  FieldWriter texts(String name, @Nullable Collection<?> values) {
    return value(name, values == null ? null : values.stream().map(String::valueOf).toList());
  }

  <T> FieldWriter record(String name, RecordCodec<T> codec, @Nullable T record) {
    return value(name, record == null ? null : codec.toJson(record));
  }

  /** A record that is left out if it equals another one. */
  <T> FieldWriter unless(String name, RecordCodec<T> codec, T record, T absent) {
    return record.equals(absent) ? this : record(name, codec, record);
  }

  <T> FieldWriter records(String name, RecordCodec<T> codec, Collection<T> records) {
    return value(name, codec.toJson(records));
  }

  <T> FieldWriter recordsByName(String name, RecordCodec<T> codec, Map<String, T> records) {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    records.forEach((key, record) -> object.put(key, codec.toJson(record)));
    return value(name, object);
  }

  /** A change; a field that is kept is absent. */
  <T> FieldWriter change(
      String name, Change<T> change, Function<? super T, ? extends @Nullable Object> toJson) {
    T value = change.value();
    return change.isSet() ? value(name, value == null ? null : toJson.apply(value)) : this;
  }

  /** All fields of a JSON object. */
  FieldWriter all(Map<String, ? extends @Nullable Object> fields) {
    json.putAll(Json.asObject(fields));
    return this;
  }
}
