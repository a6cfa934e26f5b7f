package dev.sheave.block.internal;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.internal.Json;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAccessor;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The scalar types by Java class; their schemas are those of pydantic for its like types. */
final class Scalars {
  /** How many digits a whole number may have. */
  private static final int MAX_DIGITS = 1_000;

  private static final int MAX_URI = 65536;

  private static final Map<Class<?>, ScalarType> BY_CLASS = new HashMap<>();

  static {
    text(String.class, "a string", Map.of("type", "string"), Function.identity());
    whole(
        int.class,
        Integer.class,
        BigInteger::intValueExact,
        range(Integer.MIN_VALUE, Integer.MAX_VALUE));
    whole(
        long.class, Long.class, BigInteger::longValueExact, range(Long.MIN_VALUE, Long.MAX_VALUE));
    whole(
        short.class,
        Short.class,
        BigInteger::shortValueExact,
        range(Short.MIN_VALUE, Short.MAX_VALUE));
    whole(
        byte.class, Byte.class, BigInteger::byteValueExact, range(Byte.MIN_VALUE, Byte.MAX_VALUE));
    whole(BigInteger.class, BigInteger.class, Function.identity(), Map.of());
    number(double.class, Double.class, Scalars::finiteDouble, Map.of());
    number(
        float.class,
        Float.class,
        Scalars::finiteFloat,
        range(-(double) Float.MAX_VALUE, (double) Float.MAX_VALUE));
    BY_CLASS.put(
        BigDecimal.class,
        new ScalarType(
                "a number",
                Map.of("type", "number"),
                false,
                Scalars::exactNumber,
                value -> exactJson((BigDecimal) value))
            .exactly(Map.of("format", "decimal")));
    ScalarType truth =
        new ScalarType(
            "true or false",
            Map.of("type", "boolean"),
            false,
            json -> json instanceof Boolean ? json : null,
            Function.identity());
    BY_CLASS.put(boolean.class, truth);
    BY_CLASS.put(Boolean.class, truth);
    text(
        Instant.class,
        "a date and time such as 2030-01-31T12:00:00Z",
        dateTime(),
        Scalars::instant);
    text(
        OffsetDateTime.class,
        "a date and time such as 2030-01-31T12:00:00+01:00",
        dateTime(),
        Scalars::offsetDateTime);
    text(
        ZonedDateTime.class,
        "a date and time such as 2030-01-31T12:00:00+01:00",
        dateTime(),
        Scalars::zonedDateTime);
    text(
        LocalDateTime.class,
        "a date and time such as 2030-01-31T12:00:00",
        dateTime(),
        LocalDateTime::parse,
        Map.of("format", "local-date-time"));
    text(LocalDate.class, "a date such as 2030-01-31", format("date"), LocalDate::parse);
    text(LocalTime.class, "a time such as 12:00:00", format("time"), LocalTime::parse);
    text(
        ZoneId.class,
        "a time zone such as Europe/Zurich",
        Map.of("type", "string"),
        ZoneId::of,
        Map.of("format", "time-zone"));
    text(UUID.class, "a UUID", format("uuid"), UUID::fromString);
    text(
        URI.class,
        "a URI",
        Json.object("type", "string", "format", "uri", "minLength", 1, "maxLength", MAX_URI),
        text -> text.isEmpty() || text.length() > MAX_URI ? null : URI.create(text));
    text(Path.class, "a path", format("path"), Path::of);
    BY_CLASS.put(
        Duration.class,
        new ScalarType(
            "a duration, as seconds or as PT1H30M",
            Json.object("type", "number", "format", "time-delta"),
            true,
            Scalars::duration,
            value -> seconds((Duration) value)));
  }

  private Scalars() {}

  static @Nullable ScalarType of(Class<?> type) {
    return BY_CLASS.get(type);
  }

  /** Returns the type of a value, whose class may be a hidden one of the JDK. */
  static @Nullable ScalarType ofValue(Object value) {
    return ofValues(value.getClass());
  }

  /** Returns the type of values of a class, which may be one of a provider. */
  static @Nullable ScalarType ofValues(Class<?> type) {
    return of(
        Path.class.isAssignableFrom(type)
            ? Path.class
            : ZoneId.class.isAssignableFrom(type) ? ZoneId.class : type);
  }

  private static Map<String, Object> format(String format) {
    return Json.object("type", "string", "format", format);
  }

  private static Map<String, Object> dateTime() {
    return format("date-time");
  }

  private static void text(
      Class<?> type, String expectation, Map<String, Object> schema, Function<String, ?> parser) {
    text(type, expectation, schema, parser, Map.of());
  }

  private static void text(
      Class<?> type,
      String expectation,
      Map<String, Object> schema,
      Function<String, ?> parser,
      Map<String, Object> exact) {
    BY_CLASS.put(
        type,
        new ScalarType(
                expectation,
                schema,
                true,
                json -> json instanceof String text ? parser.apply(text) : null,
                Object::toString)
            .exactly(exact));
  }

  private static Map<String, Object> range(Number least, Number greatest) {
    return Json.object("minimum", least, "maximum", greatest);
  }

  private static void whole(
      Class<?> primitive,
      Class<?> boxed,
      Function<BigInteger, ?> narrow,
      Map<String, Object> exact) {
    ScalarType type =
        new ScalarType(
                "a whole number",
                Map.of("type", "integer"),
                false,
                json -> json instanceof Number n ? narrow.apply(wholeNumber(n)) : null,
                Function.identity())
            .exactly(exact);
    BY_CLASS.put(primitive, type);
    BY_CLASS.put(boxed, type);
  }

  private static void number(
      Class<?> primitive,
      Class<?> boxed,
      Function<BigDecimal, ?> narrow,
      Map<String, Object> exact) {
    ScalarType type =
        new ScalarType(
                "a number",
                Map.of("type", "number"),
                false,
                json -> json instanceof Number n ? narrow.apply(decimal(n)) : null,
                Scalars::finite)
            .exactly(exact);
    BY_CLASS.put(primitive, type);
    BY_CLASS.put(boxed, type);
  }

  private static Object finite(Object number) {
    if (!Double.isFinite(((Number) number).doubleValue())) {
      throw new SheaveException(Code.INVALID, "JSON can't represent the number " + number + ".");
    }
    return number;
  }

  private static @Nullable Object exactNumber(Object json) {
    return json instanceof Number number
        ? decimal(number)
        : json instanceof String text ? new BigDecimal(text) : null;
  }

  /**
   * JSON numbers are read as doubles. A number that a double can't hold, such as 1.50, which isn't
   * equal to 1.5, is written as a string, which the reference reads, too.
   */
  static Object exactJson(BigDecimal value) {
    return Double.toString(value.doubleValue()).equals(value.toString())
        ? (Object) value.doubleValue()
        : value.toString();
  }

  private static BigDecimal decimal(Number number) {
    return new BigDecimal(number.toString());
  }

  /** A number such as 1e999999999 would take all memory when it is written out. */
  private static BigInteger wholeNumber(Number number) {
    BigDecimal decimal = decimal(number);
    if (decimal.precision() - (long) decimal.scale() > MAX_DIGITS) {
      throw new ArithmeticException("too large");
    }
    return decimal.toBigIntegerExact();
  }

  private static @Nullable Double finiteDouble(BigDecimal number) {
    double value = number.doubleValue();
    return Double.isFinite(value) ? value : null;
  }

  private static @Nullable Float finiteFloat(BigDecimal number) {
    float value = number.floatValue();
    return Float.isFinite(value) ? value : null;
  }

  private static Instant instant(String text) {
    return offsetDateTime(text).toInstant();
  }

  private static OffsetDateTime offsetDateTime(String text) {
    return zonedDateTime(text).toOffsetDateTime();
  }

  private static ZonedDateTime zonedDateTime(String text) {
    TemporalAccessor parsed =
        DateTimeFormatter.ISO_DATE_TIME.parseBest(text, ZonedDateTime::from, LocalDateTime::from);
    // the reference writes local times where it means UTC
    return parsed instanceof ZonedDateTime time
        ? time
        : LocalDateTime.from(parsed).atZone(ZoneOffset.UTC);
  }

  /**
   * Returns how a value of a JSON schema is read, as far as its type and format say.
   *
   * @return null for a type that isn't a scalar
   */
  static @Nullable ScalarType ofSchema(@Nullable Object type, @Nullable Object format) {
    String named = String.valueOf(format);
    Class<?> read =
        switch (String.valueOf(type)) {
          case "boolean" -> Boolean.class;
          case "integer" -> BigInteger.class;
          case "number" ->
              switch (named) {
                case "time-delta" -> Duration.class;
                case "decimal" -> BigDecimal.class;
                default -> Double.class;
              };
          case "string" ->
              switch (named) {
                case "date-time" -> Instant.class;
                case "local-date-time" -> LocalDateTime.class;
                case "date" -> LocalDate.class;
                case "time" -> LocalTime.class;
                case "time-zone" -> ZoneId.class;
                case "uuid" -> UUID.class;
                case "uri" -> URI.class;
                case "path" -> Path.class;
                default -> String.class;
              };
          default -> null;
        };
    return read == null ? null : of(read);
  }

  /** Whether a format changes how a value is read, or is one that only says what it is for. */
  static boolean readsFormat(@Nullable Object type, String format) {
    return ofSchema(type, format) != ofSchema(type, null) || format.equals("password");
  }

  private static @Nullable Object duration(Object json) {
    if (json instanceof Number number) {
      return Duration.ofNanos(decimal(number).movePointRight(9).longValueExact());
    }
    if (!(json instanceof String text)) {
      return null;
    }
    return text.matches("[+-]?[Pp].*")
        ? Duration.parse(text)
        : Duration.ofNanos(new BigDecimal(text).movePointRight(9).longValueExact());
  }

  private static Object seconds(Duration duration) {
    if (duration.getNano() == 0) {
      return duration.toSeconds();
    }
    return BigDecimal.valueOf(duration.getSeconds())
        .add(BigDecimal.valueOf(duration.getNano(), 9))
        .stripTrailingZeros();
  }
}
