package dev.sheave.block;

import java.time.Instant;

/** A block that represents a date and time. */
@BlockType(
    slug = "date-time",
    name = "Date Time",
    description = "A block that represents a date and time.",
    logo = "logos/date-time.svg",
    documentationUrl = "https://sheave.dev/docs/blocks#date-time",
    codeExample =
        """
        ```java
        Instant time = Block.load("date-time/BLOCK_NAME", DateTimeBlock.class).value();
        ```""")
public final class DateTimeBlock extends Block {
  private final Instant value;

  /** Creates a block with a value. */
  public DateTimeBlock(@BlockField(description = "A date and time in ISO 8601.") Instant value) {
    this.value = value;
  }

  /** The value. */
  public Instant value() {
    return value;
  }

  @Override
  public DateTimeBlock save(String name) {
    return save(name, SaveMode.CREATE);
  }

  @Override
  public DateTimeBlock save(String name, SaveMode mode) {
    return (DateTimeBlock) super.save(name, mode);
  }

  /**
   * Returns a block with another value that remembers this one, for saving it with {@link
   * SaveMode#OVERWRITE}.
   */
  public DateTimeBlock withValue(Instant other) {
    return new Builder<>(this) {
      @Override
      protected DateTimeBlock create() {
        return new DateTimeBlock(other);
      }
    }.build();
  }
}
