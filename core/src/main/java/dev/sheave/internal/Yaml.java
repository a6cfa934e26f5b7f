package dev.sheave.internal;

import dev.sheave.SheaveException;
import dev.sheave.internal.YamlNode.Mapping;
import dev.sheave.internal.YamlNode.Place;
import org.jspecify.annotations.Nullable;

/** YAML texts as {@linkplain Json JSON values}, and back. */
public final class Yaml {

  private Yaml() {}

  /** Writes a JSON value. */
  public static String write(@Nullable Object value) {
    return YamlWriter.write(value);
  }

  /**
   * Reads a text.
   *
   * @param what names the text in messages
   * @throws SheaveException {@code INVALID}, with line and column, if it isn't YAML, has an alias
   *     without an anchor or a key twice, or nests without end
   */
  public static Document parse(String text, String what) {
    return new Document(YamlComposer.compose(text, what));
  }

  /** A YAML text that was read. */
  public static final class Document {
    private final @Nullable YamlNode root;

    private Document(@Nullable YamlNode root) {
      this.root = root;
    }

    /** Its root, whose scalars are still as they were typed; null if there is nothing in it. */
    public @Nullable YamlNode root() {
      return root;
    }

    /** What it holds, as a JSON value. */
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
