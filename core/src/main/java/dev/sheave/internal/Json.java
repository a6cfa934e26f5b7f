package dev.sheave.internal;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.PrettyPrinter;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.DefaultPrettyPrinter;

/**
 * JSON values as plain Java ones: null, {@link String}, {@link Boolean}, {@link Number}, {@link
 * List} and {@link Map} with string keys.
 */
public final class Json {

  private static final String LIMITS =
      "values are nested up to "
          + StreamReadConstraints.DEFAULT_MAX_DEPTH
          + " levels, numbers have up to "
          + StreamReadConstraints.DEFAULT_MAX_NUM_LEN
          + " digits and names up to "
          + StreamReadConstraints.DEFAULT_MAX_NAME_LEN
          + " characters";

  /** Jackson is initialized when JSON is first read or written. */
  private static final class Jackson {
    static final JsonFactory FACTORY = JsonFactory.builder().build();

    static final ObjectWriteContext PRETTY =
        new ObjectWriteContext.Base() {
          @Override
          public PrettyPrinter getPrettyPrinter() {
            return new DefaultPrettyPrinter();
          }

          @Override
          public boolean hasPrettyPrinter() {
            return true;
          }
        };
  }

  private Json() {}

  /**
   * Parses JSON.
   *
   * @param what names the input in the message if it isn't JSON
   * @throws SheaveException {@code INVALID} if it isn't JSON, or if a text has a surrogate without
   *     its other half, which can't be stored
   */
  public static @Nullable Object parse(String text, String what) {
    try (JsonParser parser = Jackson.FACTORY.createParser(ObjectReadContext.empty(), text)) {
      JsonToken first = parser.nextToken();
      if (first == null) {
        throw notJson(what, parser.currentLocation());
      }
      Object value = JsonTokens.read(parser, first);
      if (parser.nextToken() != null) {
        throw notJson(what, parser.currentTokenLocation());
      }
      return value;
    } catch (JsonTokens.UnpairedSurrogateException e) {
      throw invalid(what + " has half of a character, an unpaired surrogate", e.getLocation());
    } catch (StreamConstraintsException e) {
      throw invalid(what + " is too much: " + LIMITS, e.getLocation());
    } catch (JacksonException e) {
      throw notJson(what, e.getLocation());
    }
  }

  private static SheaveException notJson(String what, @Nullable TokenStreamLocation where) {
    return invalid(what + " isn't JSON", where);
  }

  /** Has no cause: Jackson's exception would quote the input, which may contain a secret. */
  private static SheaveException invalid(String problem, @Nullable TokenStreamLocation where) {
    return new SheaveException(
        Code.INVALID,
        problem
            + ": line "
            + (where == null ? 1 : where.getLineNr())
            + ", column "
            + (where == null ? 1 : where.getColumnNr())
            + ".");
  }

  /** Parses JSON that must be an object. */
  public static Map<String, @Nullable Object> parseObject(String text, String what) {
    if (parse(text, what) instanceof Map<?, ?> map) {
      return asObject(map);
    }
    throw new SheaveException(Code.INVALID, what + " must be a JSON object.");
  }

  /** Writes a JSON value on one line. */
  public static String write(@Nullable Object value) {
    return write(value, ObjectWriteContext.empty());
  }

  /** Writes a JSON value over several lines. */
  public static String writePretty(@Nullable Object value) {
    return write(value, Jackson.PRETTY);
  }

  private static String write(@Nullable Object value, ObjectWriteContext context) {
    StringWriter text = new StringWriter();
    try (JsonGenerator generator = Jackson.FACTORY.createGenerator(context, text)) {
      JsonTokens.write(value, generator);
    } catch (StreamConstraintsException e) {
      throw new SheaveException(Code.INVALID, "A value is too much for JSON: " + LIMITS + ".");
    }
    return text.toString();
  }

  /**
   * Returns a modifiable JSON object whose keys are in the given order, so that JSON made of it are
   * always the same.
   *
   * @param keysAndValues a key, its value, and so on
   */
  public static Map<String, Object> object(Object... keysAndValues) {
    Map<String, Object> object = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      object.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return object;
  }

  /**
   * Returns an unmodifiable copy of a JSON value as it comes back when it is written and read
   * again, so that equal values are equal however they were made.
   *
   * @throws SheaveException {@code INVALID} for a number that JSON can't represent
   */
  public static @Nullable Object canonical(@Nullable Object value) {
    if (value == null || value instanceof String || value instanceof Boolean) {
      return value;
    }
    if (value instanceof Number number) {
      return canonicalNumber(number);
    }
    if (value instanceof Map<?, ?> map) {
      Map<String, @Nullable Object> copy = new LinkedHashMap<>();
      asObject(map).forEach((key, each) -> copy.put(key, canonical(each)));
      return Collections.unmodifiableMap(copy);
    }
    if (value instanceof List<?> list) {
      List<@Nullable Object> copy = new ArrayList<>(list.size());
      list.forEach(each -> copy.add(canonical(each)));
      return Collections.unmodifiableList(copy);
    }
    throw new IllegalArgumentException("not a JSON value: " + value.getClass());
  }

  static Number canonicalNumber(Number number) {
    if (number instanceof Double || number instanceof Float || number instanceof BigDecimal) {
      double wide = Double.parseDouble(number.toString());
      if (!Double.isFinite(wide)) {
        throw new SheaveException(Code.INVALID, "JSON can't represent the number " + number + ".");
      }
      return wide;
    }
    BigInteger whole = new BigInteger(number.toString());
    if (whole.bitLength() < Integer.SIZE) {
      return whole.intValue();
    }
    return whole.bitLength() < Long.SIZE ? (Number) whole.longValue() : whole;
  }

  /** Casts a map of a JSON value to its type. */
  @SuppressWarnings("unchecked") // the keys of JSON objects are strings
  public static Map<String, @Nullable Object> asObject(Map<?, ?> map) {
    return (Map<String, @Nullable Object>) map;
  }

  /** Returns an unmodifiable copy of a JSON value, all the way down. */
  public static @Nullable Object copy(@Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      return copyObject(asObject(map));
    }
    if (value instanceof List<?> list) {
      List<@Nullable Object> copy = new ArrayList<>(list.size());
      for (Object element : list) {
        copy.add(copy(element));
      }
      return Collections.unmodifiableList(copy);
    }
    return value;
  }

  /** Returns an unmodifiable copy of a JSON object, all the way down. */
  public static Map<String, @Nullable Object> copyObject(Map<String, @Nullable Object> map) {
    Map<String, @Nullable Object> copy = new LinkedHashMap<>();
    map.forEach((key, element) -> copy.put(key, copy(element)));
    return Collections.unmodifiableMap(copy);
  }

  /** Returns a modifiable copy of a JSON object, all the way down. */
  public static Map<String, @Nullable Object> mutableCopy(Map<String, @Nullable Object> map) {
    Map<String, @Nullable Object> copy = new LinkedHashMap<>();
    map.forEach((key, element) -> copy.put(key, mutable(element)));
    return copy;
  }

  private static @Nullable Object mutable(@Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      return mutableCopy(asObject(map));
    }
    if (value instanceof List<?> list) {
      List<@Nullable Object> copy = new ArrayList<>(list.size());
      for (Object element : list) {
        copy.add(mutable(element));
      }
      return copy;
    }
    return value;
  }
}
