package dev.sheave.block;

/** A block that represents a secret value. The value is masked wherever it is shown. */
@BlockType(
    slug = "secret",
    name = "Secret",
    description =
        "A block that represents a secret value. The value is masked wherever it is shown.",
    logo = "logos/secret.svg",
    documentationUrl = "https://sheave.dev/docs/blocks#secret",
    codeExample =
        """
        ```java
        Secret token = Block.load("secret/BLOCK_NAME", SecretBlock.class).value();
        ```""")
public final class SecretBlock extends Block {
  private final Secret value;

  /** Creates a block with a value. */
  public SecretBlock(
      @BlockField(description = "A string that should be kept secret.") Secret value) {
    this.value = value;
  }

  /** The value. */
  public Secret value() {
    return value;
  }

  @Override
  public SecretBlock save(String name) {
    return save(name, SaveMode.CREATE);
  }

  @Override
  public SecretBlock save(String name, SaveMode mode) {
    return (SecretBlock) super.save(name, mode);
  }

  /**
   * Returns a block with another value that remembers this one, for saving it with {@link
   * SaveMode#OVERWRITE}.
   */
  public SecretBlock withValue(Secret other) {
    return new Builder<>(this) {
      @Override
      protected SecretBlock create() {
        return new SecretBlock(other);
      }
    }.build();
  }
}
