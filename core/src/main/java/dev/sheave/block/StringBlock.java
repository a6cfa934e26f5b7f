package dev.sheave.block;

/** A block that represents a string. */
@BlockType(
    slug = "string",
    name = "String",
    description = "A block that represents a string.",
    logo = "logos/string.svg",
    documentationUrl = "https://sheave.dev/docs/blocks#string",
    codeExample =
        """
        ```java
        String text = Block.load("string/BLOCK_NAME", StringBlock.class).value();
        ```""")
public final class StringBlock extends Block {
  private final String value;

  /** Creates a block with a value. */
  public StringBlock(@BlockField(description = "A string.") String value) {
    this.value = value;
  }

  /** The value. */
  public String value() {
    return value;
  }

  @Override
  public StringBlock save(String name) {
    return save(name, SaveMode.CREATE);
  }

  @Override
  public StringBlock save(String name, SaveMode mode) {
    return (StringBlock) super.save(name, mode);
  }

  /**
   * Returns a block with another value that remembers this one, for saving it with {@link
   * SaveMode#OVERWRITE}.
   */
  public StringBlock withValue(String other) {
    return new Builder<>(this) {
      @Override
      protected StringBlock create() {
        return new StringBlock(other);
      }
    }.build();
  }
}
