package dev.sheave.block;

import dev.sheave.block.internal.JavaToJson;
import dev.sheave.internal.Arguments;
import dev.sheave.internal.Json;
import java.util.Objects;

/** A block that represents a JSON value: a string, number, boolean, list or object. */
@BlockType(
    slug = "json",
    name = "JSON",
    description =
        "A block that represents a JSON value: a string, number, boolean, list or" + " object.",
    logo = "logos/json.svg",
    documentationUrl = "https://sheave.dev/docs/blocks#json",
    codeExample =
        """
        ```java
        Object json = Block.load("json/BLOCK_NAME", JsonBlock.class).value();
        ```""")
public final class JsonBlock extends Block {
  private final Object value;

  /**
   * Creates a block with a value.
   *
   * @param value a JSON value, or a Java value that is converted to one: dates, times, enums,
   *     records, arrays, collections and so on
   * @throws dev.sheave.SheaveException {@code INVALID} if the value contains anything that JSON
   *     can't represent, or a secret
   */
  public JsonBlock(@BlockField(description = "A JSON value.") Object value) {
    Object json = JavaToJson.convert(value, "value", null, JavaToJson.IN_THE_CLEAR);
    this.value =
        Objects.requireNonNull(
            Json.canonical(Arguments.require(json, "The value of a JSON block")));
  }

  /**
   * The value, unmodifiable: a {@link String}, {@link Boolean}, {@link Number}, {@link
   * java.util.List} or {@link java.util.Map}.
   */
  public Object value() {
    return value;
  }

  @Override
  public JsonBlock save(String name) {
    return save(name, SaveMode.CREATE);
  }

  @Override
  public JsonBlock save(String name, SaveMode mode) {
    return (JsonBlock) super.save(name, mode);
  }

  /**
   * Returns a block with another value that remembers this one, for saving it with {@link
   * SaveMode#OVERWRITE}.
   */
  public JsonBlock withValue(Object other) {
    return new Builder<>(this) {
      @Override
      protected JsonBlock create() {
        return new JsonBlock(other);
      }
    }.build();
  }
}
