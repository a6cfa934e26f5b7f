package dev.sheave.block;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.BlockDocumentRecord;
import dev.sheave.api.BlockDocumentRecord.Reference;
import dev.sheave.block.internal.ObjectModel;
import dev.sheave.block.internal.ReadContext;
import dev.sheave.block.internal.WriteContext;
import dev.sheave.internal.Json;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Makes blocks of documents and documents of blocks. */
final class BlockCodec {
  static final String SLUG_KEY = "block_type_slug";

  private final BlockRegistry registry;
  private final Function<UUID, Block> documents;

  /**
   * Makes a codec.
   *
   * @param documents loads the block of a document's id
   */
  BlockCodec(BlockRegistry registry, Function<UUID, Block> documents) {
    this.registry = registry;
    this.documents = documents;
  }

  /** Makes the block of a document that was read with its secrets. */
  Block read(BlockDocumentRecord document) {
    Class<? extends Block> type = registry.blockClass(document.blockSchema().blockType().slug());
    try {
      return restore(
          readValues(type, document.data(), "", document.references()),
          new Block.Saved(
              new Block.Identity(document.id(), document.name(), document.isAnonymous()),
              document.updated(),
              false),
          document.data());
    } catch (SheaveException e) {
      throw new SheaveException(
          e.code(),
          "The block '"
              + document.reference()
              + "' can't be loaded: "
              + e.getMessage()
              + " Mend it with 'sheave block set "
              + document.reference()
              + " FIELD=VALUE'.",
          e);
    }
  }

  /** Makes an unsaved block of values. */
  Block read(Class<? extends Block> type, Map<String, @Nullable Object> data) {
    return restore(readValues(type, data, "", Map.of()), null, data);
  }

  private Block readValues(
      Class<? extends Block> type,
      Map<String, @Nullable Object> data,
      String path,
      Map<String, Reference> references) {
    ReadContext context =
        new ReadContext() {
          @Override
          public Object readBlock(
              Class<?> expected, Map<String, @Nullable Object> json, String at) {
            return readNested(expected, json, at, references);
          }

          @Override
          public void unknownField(String at, @Nullable Object value, Collection<String> known) {
            // kept by the block, see Block.unknown()
          }
        };
    return (Block) ObjectModel.of(type).read(data, path, context);
  }

  private Block readNested(
      Class<?> expected,
      Map<String, @Nullable Object> json,
      String path,
      Map<String, Reference> references) {
    if (json.get("$ref") instanceof Map<?, ?> target) {
      return checkClass(expected, documents.apply(documentId(target, path)), path);
    }
    Map<String, @Nullable Object> data = new LinkedHashMap<>(json);
    Object slug = data.remove(SLUG_KEY);
    Reference reference = references.get(path);
    if (reference != null) {
      slug = reference.slug();
    }
    Class<? extends Block> type;
    if (slug instanceof String text) {
      type = registry.blockClass(text);
    } else if (BlockSchema.isConcrete(expected)) {
      type = expected.asSubclass(Block.class);
    } else {
      throw new SheaveException(
          Code.INVALID, "'" + path + "' must say what block it is, in '" + SLUG_KEY + "'.");
    }
    Block block = checkClass(expected, readValues(type, data, path, references), path);
    return restore(
        block,
        reference == null
            ? null
            : new Block.Saved(
                new Block.Identity(reference.id(), reference.name(), reference.isAnonymous()),
                reference.updated() == null ? Instant.EPOCH : reference.updated(),
                false),
        data);
  }

  private static UUID documentId(Map<?, ?> target, String path) {
    try {
      return UUID.fromString(String.valueOf(target.get("block_document_id")));
    } catch (IllegalArgumentException e) {
      throw new SheaveException(
          Code.INVALID, "'" + path + "' refers to a block without a 'block_document_id'.", e);
    }
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

  private static Block restore(
      Block block, Block.@Nullable Saved state, Map<String, @Nullable Object> data) {
    block.restore(state, ObjectModel.of(block.getClass()).unknownParts(data));
    return block;
  }

  /** A copy of a block that is a saved document. */
  Block withIdentity(Block block, Block.Saved state) {
    Block copy = (Block) ObjectModel.of(block.getClass()).copy(block);
    copy.restore(state, block.unknown());
    return copy;
  }

  /** How nested blocks that are saved are written. */
  enum NestedBlocks {
    /** As references to their documents. */
    BY_REFERENCE,
    /** As their values. */
    IN_FULL
  }

  /** Makes the values of a block; a modifiable map. */
  Map<String, @Nullable Object> write(
      Block block, Function<Secret, String> secrets, NestedBlocks nested) {
    WriteContext context =
        new WriteContext() {
          @Override
          public String secret(Secret secret) {
            return secrets.apply(secret);
          }

          @Override
          public Object block(Object value) {
            Block inner = (Block) value;
            if (nested == NestedBlocks.BY_REFERENCE && inner.identity().isPresent()) {
              return Map.of(
                  "$ref",
                  Map.of("block_document_id", inner.identity().orElseThrow().id().toString()));
            }
            Map<String, @Nullable Object> data = write(inner, secrets, nested);
            data.put(SLUG_KEY, inner.slug());
            return data;
          }
        };
    Map<String, @Nullable Object> data = ObjectModel.of(block.getClass()).write(block, context);
    ObjectModel.putBack(data, Json.mutableCopy(block.unknown()));
    return data;
  }
}
