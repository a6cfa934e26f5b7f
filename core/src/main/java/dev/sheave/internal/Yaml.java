package dev.sheave.internal;

import dev.sheave.SheaveException;
import dev.sheave.internal.YamlNode.Mapping;
import dev.sheave.internal.YamlNode.Place;
import org.jspecify.annotations.Nullable;

/** Reads and writes {@linkplain Json JSON values} as YAML. */
public final class Yaml {

  private Yaml() {}

  /** Writes a JSON value. */
  public static String write(@Nullable Object value) {
    return YamlWriter.write(value);
  }

  /**
   * Parses YAML.
   *
   * @param what names the input in messages
   * @throws SheaveException {@code INVALID}, with line and column, if it isn't YAML, or has an
   *     alias without an anchor, a duplicate key, or too many levels
   */
  public static Document parse(String text, String what) {
    return new Document(YamlComposer.compose(text, what));
  }

  /** A parsed YAML document. */
  public static final class Document {
    private final @Nullable YamlNode root;

    private Document(@Nullable YamlNode root) {
      this.root = root;
    }

    /** Its root, whose scalars are still as they were typed; null if there is nothing in it. */
    public @Nullable YamlNode root() {
      return root;
    }

    /** The content, as a JSON value. */
    public @Nullable Object value() {
      return root == null ? null : root.value();
    }

    /** Returns {@code ", line 3, column 1"} for a top-level key, and nothing for others. */
    public String position(String key) {
      Place place = root instanceof Mapping mapping ? mapping.keys().get(key) : null;
      return place == null ? "" : place.toString();
    }
  }
}
