package dev.sheave.block;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.BlockDocumentRecord;
import dev.sheave.api.BlockDocumentRecord.Reference;
import dev.sheave.block.internal.ClassSchema;
import dev.sheave.block.internal.JavaToJson;
import dev.sheave.block.internal.ObjectModel;
import dev.sheave.block.internal.ReadContext;
import dev.sheave.block.internal.SecretType;
import dev.sheave.internal.DocumentReference;
import dev.sheave.internal.Json;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Converts documents to blocks and blocks to documents. */
final class BlockCodec {
  static final String SLUG_KEY = "block_type_slug";

  /** For values on their way into a document, where secrets are kept as such. */
  static final JavaToJson.Context STORING = storing(Unknown.KEPT);

  private static final JavaToJson.Context SHOWING =
      new JavaToJson.Context() {
        @Override
        public Object secret(Secret secret, String path) {
          return Secret.MASK;
        }

        @Override
        public Object block(Block block, String path) {
          return named(block, show(block));
        }
      };

  private final Blocks blocks;

  /**
   * Creates a codec.
   *
   * @param blocks knows the types, and loads the blocks that values refer to; blocks that are read
   *     belong to it
   */
  BlockCodec(Blocks blocks) {
    this.blocks = blocks;
  }

  /** Converts a document, read with its secrets, to a block. */
  Block read(BlockDocumentRecord document) {
    return read(Block.class, document);
  }

  /** Converts a document, read with its secrets, to a block for a place of a type. */
  Block read(Class<?> expected, BlockDocumentRecord document) {
    return read(
        document,
        document.blockSchema().blockType().slug(),
        slug -> blocks.classOf(expected, slug));
  }

  /** Makes the block of a document that was read with its secrets, of a class for its type. */
  <B extends Block> B read(BlockDocumentRecord document, Class<B> type) {
    return type.cast(read(document, ClassSchema.typeOf(type).slug(), slug -> type));
  }

  private Block read(
      BlockDocumentRecord document, String slug, Function<String, Class<? extends Block>> classes) {
    Reading reading = new Reading(Values.STORED, document.references());
    reading.culprit = document.reference();
    try {
      Block block = (Block) ObjectModel.of(classes.apply(slug)).read(document.data(), "", reading);
      return restore(
          block,
          new Block.Saved(
              new Block.Identity(document.id(), document.name(), document.isAnonymous()),
              document.updated(),
              false),
          document.data());
    } catch (SheaveException e) {
      String documentation = document.blockSchema().blockType().texts().documentationUrl();
      String advice =
          switch (e.code()) {
            case INVALID -> " Correct the saved values of '" + reading.culprit + "'.";
            case UNSUPPORTED ->
                blocks.registry().find(slug).isPresent() || documentation == null
                    ? ""
                    : " See " + documentation + ".";
            default -> "";
          };
      throw new SheaveException(
          e.code(),
          "The block '" + document.reference() + "' can't be loaded: " + e.getMessage() + advice,
          e);
    }
  }

  /** Creates an unsaved block from values. */
  Block read(Class<? extends Block> type, Map<String, @Nullable Object> data, Values values) {
    return read(type, data, new Reading(values, Map.of()));
  }

  /**
   * Creates an unsaved block from values that a user wrote; masks stand for the secrets of another
   * block.
   */
  Block read(Map<String, @Nullable Object> data, Block secretsOf) {
    Reading stored = new Reading(Values.STORED, Map.of());
    read(secretsOf.getClass(), write(secretsOf, Unknown.LEFT_OUT), stored);
    Reading written = new Reading(Values.WRITTEN, Map.of());
    written.masked.putAll(stored.secrets);
    return read(secretsOf.getClass(), data, written);
  }

  private Block read(
      Class<? extends Block> type, Map<String, @Nullable Object> data, Reading reading) {
    return restore((Block) ObjectModel.of(type).read(data, "", reading), null, data);
  }

  /** The origin of values. */
  enum Values {
    /** From a document: unknown fields are kept. */
    STORED,
    /** From a changed block: unknown fields are kept, but masks aren't accepted as secrets. */
    CHANGED,
    /** Written by a user: unknown fields are errors. */
    WRITTEN,
    /** From a run's parameters: as {@link #WRITTEN} ones, but secrets may be those of blocks. */
    PARAMETERS
  }

  /** Returns what reads the parameters of a run. */
  ReadContext parameters() {
    return new Reading(Values.PARAMETERS, Map.of());
  }

  /** The reading of one document. */
  private final class Reading implements ReadContext {
    private final Values values;
    private final Map<String, Reference> references;

    /** The saved block whose values are being read. */
    private String culprit = "";

    /** The secrets that were read, by their paths. */
    private final Map<String, Secret> secrets = new HashMap<>();

    /** The secrets that masks stand for, by path. */
    private final Map<String, Secret> masked = new HashMap<>();

    Reading(Values values, Map<String, Reference> references) {
      this.values = values;
      this.references = references;
    }

    @Override
    public Secret readSecret(String text, String path) {
      Secret known = masked.get(path);
      if (known != null && Secret.isMask(text)) {
        return known;
      }
      if (values != Values.STORED && Secret.isMask(text)) {
        throw new SheaveException(
            Code.INVALID,
            "'"
                + path
                + "' is a mask and not the secret itself; set the secret, or save the block and"
                + " refer to it by name.");
      }
      Secret secret = Secret.of(text);
      secrets.put(path, secret);
      return secret;
    }

    @Override
    public void unknownField(String path, @Nullable Object value, Collection<String> known) {
      if (values == Values.WRITTEN || values == Values.PARAMETERS) {
        ReadContext.STRICT.unknownField(path, value, known);
      }
      // else kept by the block, see Block.unknown()
    }

    @Override
    public @Nullable Secret savedSecret(Object json, String path) {
      Object target = json instanceof Map<?, ?> map ? map.get("$ref") : json;
      if (values != Values.PARAMETERS
          || target == null
          || (target == json && !SecretType.isReference(json))) {
        return null;
      }
      Block block =
          target instanceof Map<?, ?> document
              ? blocks.loadAs(SecretBlock.class, DocumentReference.idIn(document, path), path)
              : blocks.load(String.valueOf(target));
      return ((SecretBlock) checkClass(SecretBlock.class, block, path)).value();
    }

    @Override
    public Object readBlock(Class<?> expected, Map<String, @Nullable Object> json, String path) {
      Object target = json.get("$ref");
      if (target instanceof String reference) {
        return checkClass(expected, blocks.loadAs(expected, reference), path);
      }
      if (target instanceof Map<?, ?> document) {
        return checkClass(
            expected, blocks.loadAs(expected, DocumentReference.idIn(document, path), path), path);
      }
      Reference reference = references.get(path);
      String around = culprit;
      if (reference != null) {
        culprit = reference.slug() + "/" + reference.name();
      }
      Map<String, @Nullable Object> data = new LinkedHashMap<>(json);
      Object slug = data.remove(SLUG_KEY);
      Class<? extends Block> type =
          classOf(expected, reference == null ? slug : reference.slug(), path);
      // inside of a block, what looks like a reference to a secret is the secret itself
      ReadContext inner =
          values == Values.PARAMETERS ? new Reading(Values.WRITTEN, references) : this;
      Block block =
          checkClass(expected, (Block) ObjectModel.of(type).read(data, path, inner), path);
      culprit = around;
      return restore(block, reference == null ? null : savedAs(reference), data);
    }

    private Class<? extends Block> classOf(Class<?> expected, @Nullable Object slug, String path) {
      if (slug == null && BlockSchema.isConcrete(expected)) {
        return blocks.classOf(
            expected, ClassSchema.typeOf(expected.asSubclass(Block.class)).slug());
      }
      if (slug instanceof String text) {
        return blocks.classOf(expected, text);
      }
      throw new SheaveException(
          Code.INVALID, "'" + path + "' must name its block type in '" + SLUG_KEY + "'.");
    }
  }

  private static Block.Saved savedAs(Reference reference) {
    return new Block.Saved(
        new Block.Identity(reference.id(), reference.name(), reference.isAnonymous()),
        reference.updated() == null ? Instant.EPOCH : reference.updated(),
        false);
  }

  private static Block checkClass(Class<?> expected, Block block, String path) {
    if (!expected.isInstance(block)) {
      throw new SheaveException(
          Code.INVALID,
          "'"
              + path
              + "' must be a "
              + expected.getSimpleName()
              + ", not a block of the type '"
              + block.slug()
              + "'.");
    }
    return block;
  }

  private Block restore(
      Block block, Block.@Nullable Saved state, Map<String, @Nullable Object> data) {
    block.restore(state, ObjectModel.of(block.getClass()).unknownParts(data), blocks);
    return block;
  }

  /**
   * Returns a copy of a block as it would be loaded again: what is read refuses what it would then.
   * The copy shares nothing that can be changed with the block.
   *
   * @throws SheaveException {@code INVALID}, naming all fields that are wrong
   */
  <B extends Block> B checked(B block) {
    return checked(block, "");
  }

  private <B extends Block> B checked(B block, String path) {
    Map<String, Block> nested = new HashMap<>();
    Map<String, @Nullable Object> data =
        JavaToJson.write(
            block,
            path,
            new JavaToJson.Context() {
              @Override
              public Object secret(Secret secret, String at) {
                return secret.reveal();
              }

              @Override
              public Object block(Block inner, String at) {
                nested.put(at, inner);
                return Map.of();
              }
            });
    @SuppressWarnings("unchecked") // it is of the same class
    B copy =
        (B)
            ObjectModel.of(block.getClass())
                .read(
                    data,
                    path,
                    new ReadContext() {
                      @Override
                      public Object readBlock(
                          Class<?> expected, Map<String, @Nullable Object> json, String at) {
                        return checkedNested(
                            checkClass(expected, Objects.requireNonNull(nested.get(at)), at), at);
                      }

                      @Override
                      public void unknownField(
                          String at, @Nullable Object value, Collection<String> known) {
                        throw new IllegalStateException("a class has all its own fields");
                      }
                    });
    copy.restore(block.saved(), block.unknown(), block.owner());
    return copy;
  }

  private Block checkedNested(Block block, String path) {
    if (block.identity().isEmpty()) {
      return checked(block, path);
    }
    blocks.checkIsHere(block);
    return block;
  }

  /** A copy of a block that is a saved document. */
  <B extends Block> B withIdentity(B block, Block.Saved state) {
    @SuppressWarnings("unchecked") // it is of the same class
    B copy = (B) ObjectModel.of(block.getClass()).copy(block);
    copy.restore(state, block.unknown(), blocks);
    return copy;
  }

  /** How fields that the class doesn't have are treated. */
  enum Unknown {
    /** They are kept, since the values go back to the same document. */
    KEPT,
    /**
     * They are left out, since a new document has the schema of this class, which tells what is
     * secret.
     */
    LEFT_OUT
  }

  /**
   * Returns the values to be stored, with plain secrets and with references to saved blocks, as a
   * modifiable map.
   */
  static Map<String, @Nullable Object> write(Block block, Unknown unknown) {
    Map<String, @Nullable Object> data =
        withCurrentDirectory(block, JavaToJson.write(block, storing(unknown)));
    if (unknown == Unknown.KEPT) {
      ObjectModel.of(block.getClass()).putBack(data, Json.mutableCopy(block.unknown()));
    }
    return data;
  }

  private static JavaToJson.Context storing(Unknown unknown) {
    return new JavaToJson.Context() {
      @Override
      public Object secret(Secret secret, String path) {
        return secret.reveal();
      }

      @Override
      public Object block(Block block, String path) {
        return stored(block, unknown);
      }
    };
  }

  /** A saved block by its id, another in full. */
  private static Map<String, @Nullable Object> stored(Block block, Unknown unknown) {
    Optional<Block.Identity> identity = block.identity();
    return identity.isPresent()
        ? DocumentReference.to(identity.get().id())
        : named(block, write(block, block.saved() == null ? unknown : Unknown.LEFT_OUT));
  }

  /**
   * Returns the values to be shown, with masks for secrets and all blocks in full. Fields that the
   * class doesn't have are left out, since they may be secret.
   */
  static Map<String, @Nullable Object> show(Block block) {
    return withCurrentDirectory(block, JavaToJson.write(block, SHOWING));
  }

  /** A document that another program saved means the directory of its user, as it does there. */
  private static Map<String, @Nullable Object> withCurrentDirectory(
      Block block, Map<String, @Nullable Object> data) {
    if (block.saved() == null) {
      ObjectModel.of(block.getClass()).resolveCurrentDirectory(data);
    }
    return data;
  }

  private static Map<String, @Nullable Object> named(
      Block block, Map<String, @Nullable Object> data) {
    data.put(SLUG_KEY, block.slug());
    return data;
  }
}
