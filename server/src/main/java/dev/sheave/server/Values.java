package dev.sheave.server;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Problem;
import dev.sheave.api.Page;
import dev.sheave.api.internal.RecordCodec;
import dev.sheave.api.internal.RecordId;
import dev.sheave.api.internal.TimeJson;
import dev.sheave.internal.Json;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a body that belong to no record. What is wrong with one is told in the reference's
 * words, which programs read.
 */
record Values(Map<String, @Nullable Object> json) {

  static Values of(Object body) {
    if (body instanceof Map<?, ?> map) {
      return new Values(Json.asObject(map));
    }
    throw new RequestException(
        Reply.invalid(
            "The body must be a JSON object.",
            List.of(detail(List.of("body"), "value is not a valid dict", "type_error.dict"))));
  }

  static Map<String, Object> detail(List<?> location, String message, String type) {
    return Json.object("loc", location, "msg", message, "type", type);
  }

  static RequestException wrong(String place, String name, String message, String type) {
    return new RequestException(
        Reply.invalid(
            "'" + name + "' of the " + place + " isn't valid: " + message + ".",
            List.of(detail(List.of(place, name), message, type))));
  }

  static RequestException missing(String place, String name) {
    return wrong(place, name, "field required", "value_error.missing");
  }

  private static RequestException wrong(String name, String message, String type) {
    return wrong("body", name, message, type);
  }

  static UUID id(String place, String name, @Nullable Object value) {
    UUID id = RecordId.parse(String.valueOf(value));
    if (id == null) {
      throw wrong(place, name, "value is not a valid uuid", "type_error.uuid");
    }
    return id;
  }

  @Nullable UUID id(String name) {
    Object value = json.get(name);
    return value == null ? null : id("body", name, value);
  }

  UUID requiredId(String name) {
    UUID id = id(name);
    if (id == null) {
      throw missing("body", name);
    }
    return id;
  }

  @Nullable String text(String name) {
    Object value = json.get(name);
    if (value != null && !(value instanceof String)) {
      throw wrong(name, "str type expected", "type_error.str");
    }
    return (String) value;
  }

  String requiredText(String name) {
    String text = text(name);
    if (text == null) {
      throw missing("body", name);
    }
    return text;
  }

  boolean flag(String name, boolean absent) {
    Boolean flag = flagOrNull(name);
    return flag == null ? absent : flag;
  }

  @Nullable Boolean flagOrNull(String name) {
    Object value = json.get(name);
    if (value != null && !(value instanceof Boolean)) {
      throw wrong(name, "value could not be parsed to a boolean", "type_error.bool");
    }
    return (Boolean) value;
  }

  @Nullable Integer number(String name) {
    Object value = json.get(name);
    if (value instanceof Long || value instanceof BigInteger) {
      throw wrong(
          name,
          "ensure this value is between " + Integer.MIN_VALUE + " and " + Integer.MAX_VALUE,
          "value_error.number.not_in_range");
    }
    if (value != null && !(value instanceof Integer)) {
      throw wrong(name, "value is not a valid integer", "type_error.integer");
    }
    return (Integer) value;
  }

  /** A number from 0. */
  int number(String name, int absent) {
    Integer number = number(name);
    if (number != null && number < 0) {
      throw wrong(
          name, "ensure this value is greater than or equal to 0", "value_error.number.not_ge");
    }
    return number == null ? absent : number;
  }

  @Nullable Instant time(String name) {
    Object value = json.get(name);
    Instant time = value == null ? null : TimeJson.toTime(value);
    if (value != null && time == null) {
      throw wrong(name, "invalid datetime format", "value_error.datetime");
    }
    return time;
  }

  Instant requiredTime(String name) {
    Instant time = time(name);
    if (time == null) {
      throw missing("body", name);
    }
    return time;
  }

  Duration seconds(String name) {
    Object value = json.get(name);
    if (value == null) {
      throw missing("body", name);
    }
    Duration duration = TimeJson.toDuration(value);
    if (duration == null) {
      throw wrong(name, "value is not a valid float", "type_error.float");
    }
    return duration;
  }

  /** A constant's name. */
  <E extends Enum<E>> E constant(String name, E absent) {
    Object value = json.get(name);
    if (value == null) {
      return absent;
    }
    List<E> known = Arrays.asList(absent.getDeclaringClass().getEnumConstants());
    return known.stream()
        .filter(each -> each.name().equals(value))
        .findFirst()
        .orElseThrow(
            () ->
                wrong(
                    name,
                    "value is not a valid enumeration member; permitted: " + known,
                    "type_error.enum"));
  }

  /** Strings; none if absent. */
  List<String> texts(String name) {
    List<String> texts = textsOrNull(name);
    return texts == null ? List.of() : texts;
  }

  @Nullable List<String> textsOrNull(String name) {
    Object value = json.get(name);
    if (value == null) {
      return null;
    }
    if (!(value instanceof List<?> list)) {
      throw wrong(name, "value is not a valid list", "type_error.list");
    }
    List<String> texts = new ArrayList<>();
    for (Object each : list) {
      if (!(each instanceof String text)) {
        throw wrong(name, "str type expected", "type_error.str");
      }
      texts.add(text);
    }
    return texts;
  }

  @Nullable List<UUID> idsOrNull(String name) {
    List<String> texts = textsOrNull(name);
    return texts == null ? null : texts.stream().map(text -> id("body", name, text)).toList();
  }

  /** An object, or null. */
  @Nullable Map<String, @Nullable Object> objectOrNull(String name) {
    Object value = json.get(name);
    if (value == null) {
      return null;
    }
    if (value instanceof Map<?, ?> map) {
      return Json.asObject(map);
    }
    throw wrong(name, "value is not a valid dict", "type_error.dict");
  }

  /** An object; empty if absent. */
  Map<String, @Nullable Object> object(String name) {
    Map<String, @Nullable Object> object = objectOrNull(name);
    return object == null ? Map.of() : object;
  }

  /** The fields of an object; none if it is absent. */
  Values values(String name) {
    return new Values(object(name));
  }

  /** A record. */
  <T> T record(String name, RecordCodec<T> codec) {
    Object value = json.get(name);
    if (value == null) {
      throw missing("body", name);
    }
    try {
      return codec.fromJson(value);
    } catch (SheaveException e) {
      throw new SheaveException(
          e.code(),
          e.getMessage(),
          e.problems().stream().map(problem -> in(name, problem)).toList(),
          e);
    }
  }

  private static Problem in(String name, Problem problem) {
    String path = problem.path().isEmpty() ? name : name + "." + problem.path();
    return new Problem(path, problem.message());
  }

  /** A record; another if absent. */
  <T> T record(String name, RecordCodec<T> codec, T absent) {
    return json.get(name) == null ? absent : record(name, codec);
  }

  /** Records; none if absent. */
  <T> List<T> records(String name, RecordCodec<T> codec) {
    Object value = json.get(name);
    if (value == null) {
      return List.of();
    }
    if (!(value instanceof List<?> list)) {
      throw wrong(name, "value is not a valid list", "type_error.list");
    }
    return codec.listFromJson(list);
  }

  /** How many records are asked for. */
  int limit(int max) {
    int limit = number("limit", max);
    if (limit > max) {
      throw new RequestException(422, "Invalid limit: must be less than or equal to " + max + ".");
    }
    return limit;
  }

  /** Returns the page that is asked for: {@code limit}, {@code offset}, and {@code after}. */
  <T> List<T> page(int max, Function<Page, List<T>> listing) {
    int limit = limit(max);
    int offset = number("offset", 0);
    UUID after = id("after");
    List<T> all = new ArrayList<>();
    while (limit > 0) {
      // the protocol's greatest page may be several of the records' API
      List<T> some = listing.apply(new Page(Math.min(limit, Page.MAX_LIMIT), offset, after));
      all.addAll(some);
      limit = some.size() < Page.MAX_LIMIT ? 0 : limit - some.size();
      offset += some.size();
    }
    return all;
  }
}
