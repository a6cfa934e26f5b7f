package dev.sheave.api.internal;

import dev.sheave.SheaveException.Problem;
import dev.sheave.api.Change;
import dev.sheave.api.Schedule;
import dev.sheave.internal.Json;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads the fields of a JSON object. A wrong one is added to the problems and read as something of
 * its type, so that all problems of an object are found. Used by one thread.
 */
class FieldReader {
  private static final UUID NO_ID = new UUID(0, 0);
  private final Map<String, @Nullable Object> json;
  private final String path;
  private final List<Problem> problems;
  private final Set<String> read = new HashSet<>();

  FieldReader(Map<String, @Nullable Object> json, String path, List<Problem> problems) {
    this.json = json;
    this.path = path;
    this.problems = problems;
  }

  /** Ends the reading of a record of which nothing can be read; the problem has been added. */
  static final class Unreadable extends RuntimeException {
    private static final long serialVersionUID = 1;

    Unreadable() {
      super(null, null, false, false);
    }
  }

  /** Converts a value, which isn't null. */
  interface Conversion<T> {
    /** Returns the converted value, or null if it isn't of the kind. */
    @Nullable T convert(Object value);
  }

  private @Nullable Object get(String name) {
    read.add(name);
    return json.get(name);
  }

  /** Adds the problems of fields that nobody has read. */
  void refuseOthers() {
    for (String name : json.keySet()) {
      if (!read.contains(name)) {
        problem(name, "isn't known here; leave it out");
      }
    }
  }

  <T> @Nullable T optional(String name, Conversion<T> conversion, ValueKind kind) {
    Object value = get(name);
    if (value == null) {
      return null;
    }
    T converted = conversion.convert(value);
    if (converted == null) {
      problem(name, "must be " + kind.wanted(value));
    }
    return converted;
  }

  <T> T required(String name, Conversion<T> conversion, ValueKind kind, T placeholder) {
    if (get(name) == null) {
      problem(name, "is missing; it must be " + kind.words());
      return placeholder;
    }
    T value = optional(name, conversion, kind);
    return value == null ? placeholder : value;
  }

  private void problem(String name, String problem) {
    problems.add(new Problem(path + name, "'" + path + name + "' " + problem));
  }

  /** Returns a problem of a whole object. */
  static Problem ofWhole(String path, String problem) {
    String where = path.isEmpty() ? "" : path.substring(0, path.length() - 1);
    return new Problem(where, (where.isEmpty() ? "it" : "'" + where + "'") + " " + problem);
  }

  /** Adds a problem of the whole object, and returns what ends its reading. */
  Unreadable unreadable(String problem) {
    problems.add(ofWhole(path, problem));
    return new Unreadable();
  }

  /** Adds a problem and ends the reading unless just one of some fields is there. */
  void checkOnlyOne(String... names) {
    String all = String.join("', '", names).replaceFirst("', '([^']*)$", "' and '$1");
    long found = Arrays.stream(names).filter(name -> json.get(name) != null).count();
    if (found != 1) {
      throw unreadable("must have " + (found > 1 ? "only " : "") + "one of '" + all + "'");
    }
  }

  /** Adds a problem if a field is there that only means something beside another one. */
  void checkOnlyWith(String other, String name) {
    if (json.get(name) != null && json.get(other) == null) {
      problem(name, "needs '" + other + "'; leave it out");
    }
  }

  boolean has(String name) {
    read.add(name);
    return json.containsKey(name);
  }

  /** Any JSON value. */
  @Nullable Object value(String name) {
    return get(name);
  }

  private static @Nullable String toText(Object value) {
    return value instanceof String text ? text : null;
  }

  String text(String name) {
    return required(name, FieldReader::toText, ValueKind.TEXT, "");
  }

  String text(String name, String absent) {
    String text = textOrNull(name);
    return text == null ? absent : text;
  }

  @Nullable String textOrNull(String name) {
    return optional(name, FieldReader::toText, ValueKind.TEXT);
  }

  /** The name of a time zone. */
  @Nullable String zoneOrNull(String name) {
    String zone = optional(name, FieldReader::toText, ValueKind.ZONE);
    try {
      if (zone != null) {
        Schedule.zoneNamed(zone);
      }
      return zone;
    } catch (DateTimeException e) {
      problem(name, "has the unknown time zone '" + zone + "'; use a name such as Europe/Berlin");
      return null;
    }
  }

  private static @Nullable UUID toId(Object value) {
    return value instanceof String text ? RecordId.parse(text) : null;
  }

  UUID id(String name) {
    return required(name, FieldReader::toId, ValueKind.ID, NO_ID);
  }

  @Nullable UUID idOrNull(String name) {
    return optional(name, FieldReader::toId, ValueKind.ID);
  }

  Instant time(String name) {
    return required(name, TimeJson::toTime, ValueKind.TIME, Instant.EPOCH);
  }

  /** A time that other programs may leave out. */
  Instant time(String name, Instant absent) {
    Instant time = timeOrNull(name);
    return time == null ? absent : time;
  }

  @Nullable Instant timeOrNull(String name) {
    return optional(name, TimeJson::toTime, ValueKind.TIME);
  }

  private static @Nullable Integer toNumber(Object value) {
    if (value instanceof Integer number) {
      return number;
    }
    boolean isWhole =
        value instanceof Double decimal
            && decimal == Math.rint(decimal)
            && Math.abs(decimal) <= Integer.MAX_VALUE;
    return isWhole ? (Integer) ((Double) value).intValue() : null;
  }

  int number(String name) {
    return required(name, FieldReader::toNumber, ValueKind.NUMBER, 0);
  }

  int number(String name, int absent) {
    Integer number = numberOrNull(name);
    return number == null ? absent : number;
  }

  @Nullable Integer numberOrNull(String name) {
    return optional(name, FieldReader::toNumber, ValueKind.NUMBER);
  }

  boolean flag(String name, boolean absent) {
    Boolean flag = flagOrNull(name);
    return flag == null ? absent : flag;
  }

  @Nullable Boolean flagOrNull(String name) {
    return optional(name, value -> value instanceof Boolean flag ? flag : null, ValueKind.FLAG);
  }

  /** A duration in seconds. */
  Duration seconds(String name) {
    return required(name, TimeJson::toDuration, ValueKind.SECONDS, Duration.ofSeconds(1));
  }

  Duration seconds(String name, Duration absent) {
    Duration duration = secondsOrNull(name);
    return duration == null ? absent : duration;
  }

  @Nullable Duration secondsOrNull(String name) {
    return optional(name, TimeJson::toDuration, ValueKind.SECONDS);
  }

  /** Durations in seconds: a number or a list of them; none if absent. */
  List<Duration> secondsList(String name) {
    if (!(get(name) instanceof List<?>)) {
      Duration one = optional(name, TimeJson::toDuration, ValueKind.SECONDS_LIST);
      return one == null ? List.of() : List.of(one);
    }
    List<Duration> several = optional(name, listOf(TimeJson::toDuration), ValueKind.SECONDS_LIST);
    return several == null ? List.of() : several;
  }

  @Nullable Double decimalOrNull(String name) {
    return optional(
        name,
        value -> value instanceof Number number ? (Double) number.doubleValue() : null,
        ValueKind.DECIMAL);
  }

  /** A string that is one of some; null if absent. */
  @Nullable String oneOf(String name, String... known) {
    return optional(
        name,
        value -> value instanceof String text && List.of(known).contains(text) ? text : null,
        ValueKind.oneOf(List.of(known)));
  }

  private static <E extends Enum<E>> Conversion<E> constantOf(List<E> known) {
    return value ->
        known.stream().filter(each -> each.name().equals(value)).findFirst().orElse(null);
  }

  private static <E extends Enum<E>> ValueKind kindOf(List<E> known) {
    return ValueKind.oneOf(known.stream().map(Enum::name).toList());
  }

  <E extends Enum<E>> E constant(String name, Class<E> type) {
    List<E> known = List.of(type.getEnumConstants());
    return required(name, constantOf(known), kindOf(known), known.get(0));
  }

  <E extends Enum<E>> E constant(String name, Class<E> type, E absent) {
    List<E> known = List.of(type.getEnumConstants());
    E constant = optional(name, constantOf(known), kindOf(known));
    return constant == null ? absent : constant;
  }

  private static <T> Conversion<List<T>> listOf(Conversion<T> conversion) {
    return value -> {
      if (!(value instanceof List<?> list)) {
        return null;
      }
      List<T> converted = new ArrayList<>(list.size());
      for (Object each : list) {
        T element = each == null ? null : conversion.convert(each);
        if (element == null) {
          return null;
        }
        converted.add(element);
      }
      return Collections.unmodifiableList(converted);
    };
  }

  /** Strings; none if absent. */
  List<String> texts(String name) {
    List<String> texts =
        optional(
            name,
            listOf(FieldReader::toText),
            ValueKind.listOf(ValueKind.TEXT, "a list of strings"));
    return texts == null ? List.of() : texts;
  }

  /** Ids; none if absent. */
  List<UUID> ids(String name) {
    List<UUID> ids =
        optional(
            name, listOf(FieldReader::toId), ValueKind.listOf(ValueKind.ID, "a list of UUIDs"));
    return ids == null ? List.of() : ids;
  }

  @Nullable Set<String> textSetOrNull(String name) {
    return set(
        optional(
            name,
            listOf(FieldReader::toText),
            ValueKind.listOf(ValueKind.TEXT, "a list of strings")));
  }

  @Nullable Set<UUID> idSetOrNull(String name) {
    return set(
        optional(
            name, listOf(FieldReader::toId), ValueKind.listOf(ValueKind.ID, "a list of UUIDs")));
  }

  <E extends Enum<E>> @Nullable Set<E> constantSetOrNull(String name, Class<E> type) {
    return constantSetOrNull(name, List.of(type.getEnumConstants()));
  }

  /** Some of some constants. */
  <E extends Enum<E>> @Nullable Set<E> constantSetOrNull(String name, List<E> known) {
    ValueKind one = kindOf(known);
    return set(
        optional(
            name, listOf(constantOf(known)), ValueKind.listOf(one, "a list with " + one.words())));
  }

  private static <T> @Nullable Set<T> set(@Nullable List<T> list) {
    return list == null ? null : new LinkedHashSet<>(list);
  }

  /** A JSON object; empty if absent. */
  Map<String, @Nullable Object> object(String name) {
    Map<String, @Nullable Object> object = objectOrNull(name);
    return object == null ? Map.of() : object;
  }

  @Nullable Map<String, @Nullable Object> objectOrNull(String name) {
    return optional(
        name,
        value -> value instanceof Map<?, ?> map ? Json.asObject(map) : null,
        ValueKind.OBJECT);
  }

  <T> T record(String name, RecordCodec<T> codec) {
    return codec.read(get(name), path + name + ".", problems);
  }

  <T> T record(String name, RecordCodec<T> codec, T absent) {
    return get(name) == null ? absent : record(name, codec);
  }

  <T> @Nullable T recordOrNull(String name, RecordCodec<T> codec) {
    return get(name) == null ? null : record(name, codec);
  }

  /** Records; none if absent. */
  <T> List<T> records(String name, RecordCodec<T> codec) {
    Object value = get(name);
    if (value == null) {
      return List.of();
    }
    if (!(value instanceof List<?> list)) {
      problem(name, "must be a list");
      return List.of();
    }
    List<T> records = new ArrayList<>(list.size());
    for (int i = 0; i < list.size(); i++) {
      records.add(codec.read(list.get(i), path + name + "[" + i + "].", problems));
    }
    return Collections.unmodifiableList(records);
  }

  /** An object of records; empty if absent. */
  <T> Map<String, T> recordsByName(String name, RecordCodec<T> codec) {
    Map<String, T> records = new LinkedHashMap<>();
    object(name)
        .forEach(
            (key, value) ->
                records.put(key, codec.read(value, path + name + "." + key + ".", problems)));
    return Collections.unmodifiableMap(records);
  }

  /** Reads another codec's fields from the same object. */
  <T> T same(RecordCodec<T> codec) {
    return codec.read(json, path, problems);
  }

  /** A change: a field that is absent is kept. */
  <T> Change<T> change(String name, Function<String, ? extends @Nullable T> reading) {
    return has(name) ? Change.to(reading.apply(name)) : Change.keep();
  }

  /** All fields but some. */
  Map<String, @Nullable Object> rest(String... names) {
    Map<String, @Nullable Object> rest = new LinkedHashMap<>(json);
    rest.keySet().removeAll(Set.of(names));
    return Collections.unmodifiableMap(rest);
  }
}
