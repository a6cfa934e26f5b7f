package dev.sheave.internal;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A part of a composed YAML text: aliases and merge keys are resolved, scalars are still as they
 * were typed. Immutable.
 */
public sealed interface YamlNode {

  /** Where it stands. */
  Place place();

  /**
   * Returns the JSON value it stands for when nothing is known of what is wanted there.
   *
   * @throws SheaveException {@code INVALID} for a tag or a number that JSON doesn't have
   */
  @Nullable Object value();

  /**
   * A place in a text.
   *
   * @param text names the text in messages
   * @param line the line, from 1
   * @param column the column, from 1
   */
  record Place(String text, int line, int column) {

    /** Returns {@code ", line 3, column 1"}. */
    @Override
    public String toString() {
      return ", line " + line + ", column " + column;
    }

    /** Returns an error about what stands here. */
    SheaveException error(String problem) {
      // without a cause, which may quote the text: there may be a secret in it
      return new SheaveException(Code.INVALID, text + this + ": " + problem + ".");
    }
  }

  /**
   * A text, number, truth or null.
   *
   * @param text what was typed, without its quotes
   * @param isPlain whether it stands without quotes
   * @param tag its tag, such as {@code tag:yaml.org,2002:str}, or null
   * @param place where it stands
   */
  record Scalar(String text, boolean isPlain, @Nullable String tag, Place place)
      implements YamlNode {
    private static final String STANDARD = "tag:yaml.org,2002:";

    @Override
    public @Nullable Object value() {
      if (tag == null) {
        return isPlain ? resolved() : text;
      }
      return switch (tag) {
        case STANDARD + "null" -> isNull() ? null : refuse("!!null");
        case STANDARD + "bool" -> resolved() instanceof Boolean truth ? truth : refuse("!!bool");
        case STANDARD + "int", STANDARD + "float" ->
            resolved() instanceof Number number ? number : refuse(name());
        default -> text();
      };
    }

    private @Nullable Object resolved() {
      try {
        return YamlScalars.resolve(text);
      } catch (ArithmeticException e) {
        throw place.error(String.valueOf(e.getMessage()));
      }
    }

    private String name() {
      return tag == null ? "" : tag.replace(STANDARD, "!!");
    }

    private Object refuse(String type) {
      throw place.error("the value doesn't match its tag '" + type + "'");
    }

    /**
     * Returns the text, where a text is wanted: what was typed.
     *
     * @throws SheaveException {@code INVALID} for a tag that doesn't stand for text
     */
    @Override
    public String text() {
      if (tag == null) {
        return text;
      }
      return switch (tag) {
        case "!",
            STANDARD + "str",
            STANDARD + "timestamp",
            STANDARD + "int",
            STANDARD + "float",
            STANDARD + "bool",
            STANDARD + "null" ->
            text;
        case STANDARD + "binary" -> decoded();
        default -> throw unknownTag(place, name());
      };
    }

    private String decoded() {
      try {
        byte[] bytes = Base64.getDecoder().decode(text.replaceAll("\\s", ""));
        return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      } catch (IllegalArgumentException | CharacterCodingException e) {
        throw place.error("the value of '!!binary' isn't UTF-8 text in Base64");
      }
    }

    /** Returns whether it stands for nothing. */
    public boolean isNull() {
      return tag == null
          ? isPlain && YamlScalars.isNull(text)
          : tag.equals(STANDARD + "null") && YamlScalars.isNull(text);
    }
  }

  /** A list. */
  record Sequence(List<YamlNode> elements, Place place) implements YamlNode {
    @Override
    public Object value() {
      List<@Nullable Object> values = new ArrayList<>(elements.size());
      elements.forEach(each -> values.add(each.value()));
      return values;
    }
  }

  /**
   * An object.
   *
   * @param entries the values by key, in the order of the text
   * @param keys where the keys stand
   * @param place where it starts
   */
  record Mapping(Map<String, YamlNode> entries, Map<String, Place> keys, Place place)
      implements YamlNode {
    @Override
    public Object value() {
      Map<String, @Nullable Object> values = new LinkedHashMap<>();
      entries.forEach((key, each) -> values.put(key, each.value()));
      return values;
    }
  }

  /** The error for a tag that has no meaning here. */
  static SheaveException unknownTag(Place place, String tag) {
    return place.error("the tag '" + tag + "' isn't supported; remove it");
  }
}
