package dev.sheave.internal;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.exc.StreamReadException;

/**
 * JSON values from a stream of tokens and to one, for JSON and YAML alike. Data binding isn't
 * needed for that, and setting it up takes longer than most commands.
 */
final class JsonTokens {

  /** A text has half of a character. */
  static final class UnpairedSurrogateException extends StreamReadException {
    private static final long serialVersionUID = 1L;

    UnpairedSurrogateException(JsonParser parser) {
      super(parser, "unpaired surrogate", parser.currentTokenLocation());
    }
  }

  private JsonTokens() {}

  /** Reads the value that starts with a token; the parser is at its end afterwards. */
  static @Nullable Object read(JsonParser parser, JsonToken first) {
    return switch (first) {
      case START_OBJECT -> readObject(parser);
      case START_ARRAY -> readList(parser);
      case VALUE_STRING -> checked(parser.getString(), parser);
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getNumberValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      default -> null;
    };
  }

  private static String checked(String text, JsonParser parser) {
    if (Surrogates.isUnpairedIn(text)) {
      throw new UnpairedSurrogateException(parser);
    }
    return text;
  }

  private static Map<String, @Nullable Object> readObject(JsonParser parser) {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = checked(parser.currentName(), parser);
      object.put(name, read(parser, parser.nextToken()));
    }
    return object;
  }

  private static List<@Nullable Object> readList(JsonParser parser) {
    List<@Nullable Object> list = new ArrayList<>();
    for (JsonToken token = parser.nextToken();
        token != JsonToken.END_ARRAY;
        token = parser.nextToken()) {
      list.add(read(parser, token));
    }
    return list;
  }

  /** Writes a value; types that JSON doesn't have are written as strings. */
  static void write(@Nullable Object value, JsonGenerator generator) {
    if (value == null) {
      generator.writeNull();
    } else if (value instanceof Map<?, ?> map) {
      generator.writeStartObject();
      map.forEach(
          (key, each) -> {
            generator.writeName(String.valueOf(key));
            write(each, generator);
          });
      generator.writeEndObject();
    } else if (value instanceof Collection<?> list) {
      generator.writeStartArray();
      list.forEach(each -> write(each, generator));
      generator.writeEndArray();
    } else if (value instanceof Boolean truth) {
      generator.writeBoolean(truth);
    } else if (value instanceof Number number) {
      writeNumber(number, generator);
    } else {
      generator.writeString(value.toString());
    }
  }

  private static void writeNumber(Number number, JsonGenerator generator) {
    if (number instanceof Double || number instanceof Float) {
      generator.writeNumber(number.doubleValue());
    } else if (number instanceof BigDecimal decimal) {
      generator.writeNumber(decimal);
    } else if (number instanceof BigInteger whole) {
      generator.writeNumber(whole);
    } else {
      generator.writeNumber(number.longValue());
    }
  }
}
