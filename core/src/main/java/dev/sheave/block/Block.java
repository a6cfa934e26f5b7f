package dev.sheave.block;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.block.internal.ObjectModel;
import dev.sheave.internal.CurrentConnection;
import dev.sheave.internal.TypeNames;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Named, typed configuration for an external system.
 *
 * <p>A block type is a final class that extends this one, annotated with {@link BlockType}, with
 * one constructor whose parameters are its fields, each annotated with {@link BlockField} and kept
 * in a field of the same name. Blocks are immutable; two are equal if they are of one class and
 * have the same values.
 *
 * <p>A block that was loaded or saved has an {@linkplain #identity() identity}; one that was built
 * has none. A copy made with {@code toBuilder()} has none either, but remembers its original:
 * saving it with {@link SaveMode#OVERWRITE} is refused if that has changed since.
 *
 * <p>The static methods use the process's connection, see {@link dev.sheave.Sheave#current()}. A
 * block belongs to the connection that it was loaded through or saved to, and so do its copies.
 */
public abstract class Block {
  /** Both are set before the block is published, and never changed afterwards. */
  private @Nullable Saved saved;

  private Map<String, @Nullable Object> unknown = Map.of();

  /** The connection it was loaded through or saved to. */
  private @Nullable Blocks owner;

  /** For block types. */
  protected Block() {}

  /**
   * The document of a block.
   *
   * @param id the document's id
   * @param name its name
   * @param isAnonymous whether it was created for a deployment and has a generated name
   */
  public record Identity(UUID id, String name, boolean isAnonymous) {}

  /**
   * The document that a block was loaded from or saved to.
   *
   * @param identity the document
   * @param updated when it was last changed
   * @param isCopy whether the block is a changed copy of the document
   */
  record Saved(Identity identity, Instant updated, boolean isCopy) {

    /** Returns the reference to the document, of the block's type. */
    String reference(Block block) {
      return block.slug() + "/" + identity.name();
    }
  }

  /**
   * Loads a block of any type.
   *
   * @param reference {@code type/name}
   * @throws SheaveException {@code INVALID} if the reference isn't valid, {@code NOT_FOUND} if the
   *     block doesn't exist, {@code UNSUPPORTED} if the module of its type isn't on the class path
   */
  public static Block load(String reference) {
    return CurrentConnection.service(Blocks.class).load(reference);
  }

  /**
   * Loads a block of a class.
   *
   * @param reference {@code type/name}; for a block class the name alone will do
   * @param type the block's class, which need not be registered; or an abstract class or interface
   *     that it is of, such as {@link dev.sheave.storage.WritableFileSystem}
   * @throws SheaveException as {@link #load(String)} does, and {@code INVALID} if it is of another
   *     type
   */
  public static <B> B load(String reference, Class<B> type) {
    return CurrentConnection.service(Blocks.class).load(reference, type);
  }

  /** Returns whether a block exists. */
  public static boolean exists(String reference) {
    return CurrentConnection.service(Blocks.class).exists(reference);
  }

  /**
   * Deletes a block.
   *
   * @throws SheaveException {@code NOT_FOUND} if it doesn't exist, {@code CONFLICT} if it is in use
   */
  public static void delete(String reference) {
    CurrentConnection.service(Blocks.class).delete(reference);
  }

  /**
   * Returns the users of a block.
   *
   * @return their names, such as {@code deployment log-flow/log-flow-s3} or {@code block
   *     my-db/main}
   */
  public static List<String> usedBy(String reference) {
    return CurrentConnection.service(Blocks.class).usedBy(reference);
  }

  /**
   * Saves this block under a new name: where it was loaded from, or else by the process's
   * connection.
   *
   * @return the saved block
   * @throws SheaveException {@code INVALID} for a bad name, {@code ALREADY_EXISTS} if it is taken
   */
  public Block save(String name) {
    return save(name, SaveMode.CREATE);
  }

  /**
   * Saves this block: where it was loaded from or saved to, else by the process's connection.
   *
   * @return the saved block, whose values don't change with what this one was made of
   * @throws SheaveException {@code INVALID} for a bad name, and for values that couldn't be loaded
   *     again, all of them at once; {@code ALREADY_EXISTS} if it is taken and not to be
   *     overwritten; {@code CONFLICT} if it was changed since this block's original was loaded
   */
  public Block save(String name, SaveMode mode) {
    Blocks connection = owner;
    return (connection == null ? CurrentConnection.service(Blocks.class) : connection)
        .save(this, name, mode);
  }

  /**
   * Returns the identity of this block's document; empty if the block was built or changed since.
   */
  public final Optional<Identity> identity() {
    Saved state = saved;
    return state == null || state.isCopy() ? Optional.empty() : Optional.of(state.identity());
  }

  /** Returns the slug of this block's type. */
  public final String slug() {
    return typeOf(getClass()).slug();
  }

  /** Returns {@code type/name} for a saved block, and the type alone for others; for messages. */
  public final String displayName() {
    return identity().map(identity -> slug() + "/" + identity.name()).orElse(slug());
  }

  @Nullable Saved saved() {
    return saved;
  }

  /** Fields of the document that the class doesn't have; they are kept when the block is saved. */
  Map<String, @Nullable Object> unknown() {
    return unknown;
  }

  /** The connection that it was loaded through or saved to; null for a block that was built. */
  @Nullable Blocks owner() {
    return owner;
  }

  void restore(
      @Nullable Saved state,
      Map<String, @Nullable Object> unknownFields,
      @Nullable Blocks connection) {
    this.saved = state;
    this.unknown = unknownFields;
    this.owner = connection;
  }

  /**
   * Returns the annotation of a block class.
   *
   * @throws SheaveException {@code INVALID} if it isn't
   */
  static BlockType typeOf(Class<? extends Block> type) {
    BlockType described = type.getAnnotation(BlockType.class);
    if (described == null) {
      throw new SheaveException(
          Code.INVALID, "The block class " + TypeNames.of(type) + " has no @BlockType.");
    }
    return described;
  }

  @Override
  public final boolean equals(@Nullable Object other) {
    return this == other
        || (other instanceof Block block
            && block.getClass() == getClass()
            && ObjectModel.of(getClass())
                .values(this)
                .equals(ObjectModel.of(getClass()).values(block)));
  }

  @Override
  public final int hashCode() {
    return ObjectModel.of(getClass()).values(this).hashCode();
  }

  /** Shows the type, the name and the values, with masks in place of secrets. */
  @Override
  public final String toString() {
    return getClass().getSimpleName()
        + "["
        + identity().map(identity -> identity.name() + ": ").orElse("")
        + BlockCodec.show(this)
        + "]";
  }

  /**
   * The base class of builders of block types.
   *
   * @param <B> the block type
   */
  public abstract static class Builder<B extends Block> {
    private final @Nullable Saved origin;
    private final Map<String, @Nullable Object> unknown;
    private final @Nullable Blocks owner;

    /**
     * Starts a builder.
     *
     * @param original the block whose values it starts with, or null
     */
    protected Builder(@Nullable B original) {
      Saved state = original == null ? null : original.saved();
      this.origin = state == null ? null : new Saved(state.identity(), state.updated(), true);
      this.unknown = original == null ? Map.of() : original.unknown();
      this.owner = original == null ? null : original.owner();
    }

    /** Creates the block from the values that were set. */
    protected abstract B create();

    /**
     * Returns the block.
     *
     * @throws SheaveException {@code INVALID} if a value is missing or wrong
     */
    public final B build() {
      B block = create();
      block.restore(origin, unknown, owner);
      return block;
    }

    /**
     * Returns a value that must have been set.
     *
     * @param field its name, for the message
     * @throws SheaveException {@code INVALID} if it wasn't
     */
    protected static <T> T required(@Nullable T value, String field) {
      if (value == null) {
        throw new SheaveException(Code.INVALID, "'" + field + "' is missing.");
      }
      return value;
    }
  }
}
