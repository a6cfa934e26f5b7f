package dev.sheave.block;

import dev.sheave.SheaveException;
import dev.sheave.api.BlockApi;
import dev.sheave.api.BlockSchemaRecord;
import dev.sheave.api.BlockTypeRecord;
import dev.sheave.block.internal.ClassSchema;
import dev.sheave.block.internal.ObjectModel;
import dev.sheave.internal.Version;
import java.io.IOException;
import java.io.InputStream;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Registers block types and their schemas in a store. */
final class BlockRegistration {
  private final BlockApi api;

  BlockRegistration(BlockApi api) {
    this.api = api;
  }

  /**
   * Makes sure that the store has a class's type and schema, and those of the blocks that may be
   * nested in it.
   *
   * @param rewriteTexts whether the name and description of an existing type are updated
   */
  BlockSchemaRecord register(Class<? extends Block> type, boolean rewriteTexts) {
    BlockSchema schema = BlockSchema.of(type);
    for (List<Class<?>> classes : ObjectModel.of(type).secretPaths().blocks().values()) {
      for (Class<?> nested : classes) {
        if (BlockSchema.isConcrete(nested)) {
          register(nested.asSubclass(Block.class), rewriteTexts);
        }
      }
    }
    BlockType described = ClassSchema.typeOf(type);
    BlockTypeRecord.Texts texts = textsOf(type, described);
    BlockTypeRecord record = findOrCreate(described.slug(), texts);
    if (rewriteTexts && !record.texts().equals(texts)) {
      api.updateBlockType(record.id(), texts);
    }
    String version = Version.of(type);
    return api.findBlockSchema(schema.checksum(), version)
        .orElseGet(
            () ->
                api.createBlockSchema(
                    record.id(), schema.fields(), schema.capabilities(), version));
  }

  private BlockTypeRecord findOrCreate(String slug, BlockTypeRecord.Texts texts) {
    Optional<BlockTypeRecord> known = api.findBlockType(slug);
    if (known.isPresent()) {
      return known.get();
    }
    try {
      return api.createBlockType(slug, texts);
    } catch (SheaveException e) {
      // another program may have been quicker
      return api.findBlockType(slug).orElseThrow(() -> e);
    }
  }

  private static BlockTypeRecord.Texts textsOf(Class<?> type, BlockType described) {
    return new BlockTypeRecord.Texts(
        described.name(),
        logoOf(type, described.logo()),
        orNull(described.documentationUrl()),
        described.description(),
        orNull(described.codeExample()));
  }

  private static @Nullable String orNull(String text) {
    return text.isEmpty() ? null : text;
  }

  /** Logos are data URLs, so that pages don't load anything from elsewhere. */
  private static @Nullable String logoOf(Class<?> type, String resource) {
    if (resource.isEmpty()) {
      return null;
    }
    try (InputStream in = type.getResourceAsStream(resource)) {
      if (in == null) {
        return null;
      }
      String kind = resource.endsWith(".svg") ? "image/svg+xml" : "image/png";
      return "data:" + kind + ";base64," + Base64.getEncoder().encodeToString(in.readAllBytes());
    } catch (IOException e) {
      return null;
    }
  }
}
