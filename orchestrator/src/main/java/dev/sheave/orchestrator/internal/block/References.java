package dev.sheave.orchestrator.internal.block;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.internal.DocumentReference;
import dev.sheave.internal.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * References to other documents in a document's values: {@code {"$ref": {"block_document_id":
 * id}}}, at any depth. A path names the place of one: {@code credentials}, {@code
 * stores[0].credentials}.
 */
final class References {
  private References() {}

  /** What stands in a reference's place. */
  interface Replacement {
    /** Returns it. */
    @Nullable Object of(String path, UUID id);
  }

  /** Returns the values with something else in each reference's place. */
  static Map<String, @Nullable Object> replace(
      Map<String, @Nullable Object> data, Replacement replacement) {
    return replaceIn(data, "", replacement);
  }

  /** Returns the documents that are referred to, by path. */
  static Map<String, UUID> in(Map<String, @Nullable Object> data) {
    Map<String, UUID> found = new LinkedHashMap<>();
    replace(
        data,
        (path, id) -> {
          found.put(path, id);
          return null;
        });
    return found;
  }

  private static Map<String, @Nullable Object> replaceIn(
      Map<String, @Nullable Object> map, String path, Replacement replacement) {
    Map<String, @Nullable Object> replaced = new LinkedHashMap<>();
    map.forEach((key, value) -> replaced.put(key, replaceAt(value, below(path, key), replacement)));
    return replaced;
  }

  private static @Nullable Object replaceAt(
      @Nullable Object value, String path, Replacement replacement) {
    if (value instanceof Map<?, ?> map) {
      UUID id = target(map, path);
      return id == null
          ? replaceIn(Json.asObject(map), path, replacement)
          : replacement.of(path, id);
    }
    if (value instanceof List<?> list) {
      List<@Nullable Object> replaced = new ArrayList<>(list.size());
      for (int i = 0; i < list.size(); i++) {
        replaced.add(replaceAt(list.get(i), path + "[" + i + "]", replacement));
      }
      return replaced;
    }
    return value;
  }

  /** JSON schemas have {@code $ref}s, too, but those are texts. */
  private static @Nullable UUID target(Map<?, ?> map, String path) {
    if (map.size() != 1 || !(map.get(DocumentReference.KEY) instanceof Map<?, ?> reference)) {
      return null;
    }
    if (reference.get(DocumentReference.ID) instanceof String text) {
      try {
        return UUID.fromString(text);
      } catch (IllegalArgumentException e) {
        // said below
      }
    }
    throw new SheaveException(
        Code.INVALID,
        "The field '"
            + path
            + "' refers to a block without saying which: '"
            + DocumentReference.KEY
            + "' must hold a '"
            + DocumentReference.ID
            + "'.");
  }

  /** The path of a field of what is at a path. */
  static String below(String path, String key) {
    return path.isEmpty() ? key : path + "." + key;
  }
}
