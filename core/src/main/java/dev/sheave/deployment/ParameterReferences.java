package dev.sheave.deployment;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.BlockDocumentRecord;
import dev.sheave.block.Block;
import dev.sheave.block.Blocks;
import dev.sheave.block.Secret;
import dev.sheave.block.SecretBlock;
import dev.sheave.block.internal.ParameterSchema;
import dev.sheave.block.internal.ParameterSchema.Places;
import dev.sheave.block.internal.Problems;
import dev.sheave.internal.DocumentReference;
import dev.sheave.internal.Json;
import dev.sheave.internal.JsonSchema.BlockPlace;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The secrets and blocks in parameters. What is stored of them are references: a secret or a block
 * that is given by its value is saved as an anonymous block, which belongs to the deployments and
 * runs that refer to it.
 */
final class ParameterReferences {
  private static final BlockPlace SECRET = new BlockPlace(List.of("secret"), List.of());

  /** Names the type in a block that is given by its values. */
  private static final String TYPE = "block_type_slug";

  private final Blocks blocks;

  ParameterReferences(Blocks blocks) {
    this.blocks = blocks;
  }

  /** Finds what is referred to and isn't there, or isn't what it must be; nothing is saved. */
  Places checking(Problems problems) {
    return new Places() {
      @Override
      public Object secret(Object value, String path) {
        if (ParameterSchema.isSecretReference(value)) {
          problems.check(path, () -> document(value, path, SECRET));
        }
        return value;
      }

      @Override
      public Object block(Object value, String path, BlockPlace place) {
        problems.check(
            path,
            () -> {
              if (ParameterSchema.isBlockReference(value)) {
                document(value, path, place);
              } else {
                check(Json.asObject((Map<?, ?>) value), path, place);
              }
            });
        return value;
      }
    };
  }

  /** Puts references in the places of secrets and blocks, and saves those that have none. */
  Places saving() {
    return new Places() {
      @Override
      public Object secret(Object value, String path) {
        if (ParameterSchema.isSecretReference(value)) {
          return DocumentReference.to(document(value, path, SECRET).id());
        }
        String text = value instanceof String plain ? plain : Json.write(value);
        return saved(new SecretBlock(Secret.of(text)));
      }

      @Override
      public Object block(Object value, String path, BlockPlace place) {
        return ParameterSchema.isBlockReference(value)
            ? DocumentReference.to(document(value, path, place).id())
            : save(Json.asObject((Map<?, ?>) value), path, place);
      }
    };
  }

  /** As {@link #saving()}, but references stay as they are written. */
  Places savingValues() {
    Places all = saving();
    return new Places() {
      @Override
      public Object secret(Object value, String path) {
        return ParameterSchema.isSecretReference(value) ? value : all.secret(value, path);
      }

      @Override
      public Object block(Object value, String path, BlockPlace place) {
        return ParameterSchema.isBlockReference(value) ? value : all.block(value, path, place);
      }
    };
  }

  private Object saved(Block block) {
    return DocumentReference.to(blocks.saveAnonymously(block).identity().orElseThrow().id());
  }

  private BlockDocumentRecord document(Object value, String path, BlockPlace place) {
    Object target = value instanceof Map<?, ?> map ? map.get(DocumentReference.KEY) : value;
    BlockDocumentRecord document =
        target instanceof String name
            ? blocks.document(name)
            : blocks.document(DocumentReference.idIn(target, path), path);
    String type = document.blockSchema().blockType().slug();
    boolean isOfType = place.types().isEmpty() || place.types().contains(type);
    if (!isOfType || !document.blockSchema().capabilities().containsAll(place.capabilities())) {
      throw new SheaveException(
          Code.INVALID,
          "'"
              + path
              + "' must be a block "
              + (isOfType
                  ? "that can do " + String.join(", ", place.capabilities())
                  : "of the type " + String.join(" or ", place.types()))
              + ", not '"
              + document.reference()
              + "'.");
    }
    return document;
  }

  private void check(Map<String, @Nullable Object> value, String path, BlockPlace place) {
    String type = typeOf(value, path, place);
    said(
        path,
        () ->
            blocks.isHere(type)
                ? blocks.create(type, fields(value))
                : blocks.checkStored(type, fields(value)));
  }

  private Object save(Map<String, @Nullable Object> value, String path, BlockPlace place) {
    String type = typeOf(value, path, place);
    return said(
        path,
        () ->
            blocks.isHere(type)
                ? saved(blocks.create(type, fields(value)))
                : DocumentReference.to(blocks.saveAnonymously(type, fields(value))));
  }

  private static Map<String, @Nullable Object> fields(Map<String, @Nullable Object> value) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>(value);
    fields.remove(TYPE);
    return fields;
  }

  private static String typeOf(Map<String, @Nullable Object> value, String path, BlockPlace place) {
    List<String> types = place.types();
    String type =
        value.get(TYPE) instanceof String slug ? slug : types.size() == 1 ? types.get(0) : null;
    if (type == null || !types.isEmpty() && !types.contains(type)) {
      throw new SheaveException(
          Code.INVALID,
          "'"
              + path
              + "' must say what block it is, in 'block_type_slug'"
              + (types.isEmpty() ? "." : ": " + String.join(" or ", types) + "."));
    }
    return type;
  }

  private static <T> T said(String path, Supplier<T> action) {
    try {
      return action.get();
    } catch (SheaveException e) {
      throw new SheaveException(e.code(), "'" + path + "': " + e.getMessage(), e);
    }
  }
}
