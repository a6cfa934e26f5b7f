package dev.sheave.internal;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import java.io.StringWriter;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLWriteFeature;
import tools.jackson.dataformat.yaml.util.StringQuotingChecker;

/** Reads and writes {@linkplain Json JSON values} as YAML. */
public final class Yaml {

  /** Jackson is initialized when YAML is first read or written. */
  private static final class Jackson {
    static final YAMLFactory FACTORY =
        YAMLFactory.builder()
            .stringQuotingChecker(new PlainWords())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(YAMLWriteFeature.WRITE_DOC_START_MARKER)
            .disable(YAMLWriteFeature.SPLIT_LINES)
            .enable(YAMLWriteFeature.MINIMIZE_QUOTES)
            .enable(YAMLWriteFeature.LITERAL_BLOCK_STYLE)
            .build();
  }

  /**
   * Quotes all strings that some YAML reader could misread: only words that start like a name or a
   * path and have no meaning of their own stand without quotes.
   */
  private static final class PlainWords extends StringQuotingChecker {
    private static final long serialVersionUID = 1L;
    private static final Pattern PLAIN =
        Pattern.compile("[A-Za-z_./][A-Za-z0-9_./+-]*(:[A-Za-z0-9_./+-]+)*( [A-Za-z0-9_./+-]+)*");
    private static final Pattern MEANINGFUL =
        Pattern.compile("(?i)null|true|false|yes|no|on|off|y|n|[.]inf|[.]nan|[.]?[0-9_.e+-]*");

    @Override
    public boolean needToQuoteName(String name) {
      return needToQuoteValue(name);
    }

    @Override
    public boolean needToQuoteValue(String value) {
      return !PLAIN.matcher(value).matches() || MEANINGFUL.matcher(value).matches();
    }
  }

  private Yaml() {}

  /** Writes a JSON value. */
  public static String write(Object value) {
    StringWriter text = new StringWriter();
    try (JsonGenerator generator =
        Jackson.FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
      JsonTokens.write(value, generator);
    }
    return text.toString();
  }

  /**
   * Parses YAML.
   *
   * @param what names the input in messages
   * @throws SheaveException {@code INVALID}, with line and column, if it isn't YAML
   */
  public static Document parse(String text, String what) {
    try (JsonParser parser = Jackson.FACTORY.createParser(ObjectReadContext.empty(), text)) {
      JsonToken first = parser.nextToken();
      Object value = first == null ? null : JsonTokens.read(parser, first);
      if (first != null && parser.nextToken() != null) {
        throw new SheaveException(Code.INVALID, what + " holds more than one YAML document.");
      }
      return new Document(value, positions(text));
    } catch (JacksonException e) {
      TokenStreamLocation where = e.getLocation();
      String problem = String.valueOf(e.getOriginalMessage()).lines().findFirst().orElse("");
      // without the cause, which quotes the input: it may contain a secret
      throw new SheaveException(
          Code.INVALID,
          what
              + " isn't YAML"
              + (where == null || where.getLineNr() < 1
                  ? ""
                  : ", line " + where.getLineNr() + ", column " + where.getColumnNr())
              + ": "
              + problem
              + ".");
    }
  }

  /** Finds where the top-level keys are. */
  private static Map<String, String> positions(String text) {
    Map<String, String> positions = new HashMap<>();
    try (JsonParser parser = Jackson.FACTORY.createParser(ObjectReadContext.empty(), text)) {
      int depth = 0;
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token.isStructStart()) {
          depth++;
        } else if (token.isStructEnd()) {
          depth--;
        } else if (token == JsonToken.PROPERTY_NAME && depth == 1) {
          TokenStreamLocation where = parser.currentTokenLocation();
          positions.put(
              parser.currentName(),
              ", line " + where.getLineNr() + ", column " + where.getColumnNr());
        }
      }
    }
    return positions;
  }

  /** A parsed YAML document. */
  public static final class Document {
    private final @Nullable Object value;
    private final Map<String, String> positions;

    private Document(@Nullable Object value, Map<String, String> positions) {
      this.value = value;
      this.positions = positions;
    }

    /** The content, as a JSON value. */
    public @Nullable Object value() {
      return value;
    }

    /** Returns {@code ", line 3, column 1"} for a top-level key, and nothing for others. */
    public String position(String key) {
      return positions.getOrDefault(key, "");
    }
  }
}
