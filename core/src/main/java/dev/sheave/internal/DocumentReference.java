package dev.sheave.internal;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** How JSON refers to a saved block: {@code {"$ref": {"block_document_id": id}}}. */
public final class DocumentReference {
  /** The key of a reference. */
  public static final String KEY = "$ref";

  /** The key of the id in it. */
  public static final String ID = "block_document_id";

  private DocumentReference() {}

  /** Returns a reference to a document. */
  public static Map<String, @Nullable Object> to(UUID id) {
    return Map.of(KEY, Map.of(ID, id.toString()));
  }

  /**
   * Returns the id in a reference.
   *
   * @param target what is at its key
   * @param path names the value in the message
   * @throws SheaveException {@code INVALID} if there is none
   */
  public static UUID idIn(@Nullable Object target, String path) {
    try {
      return UUID.fromString(target instanceof Map<?, ?> map ? String.valueOf(map.get(ID)) : "");
    } catch (IllegalArgumentException e) {
      throw new SheaveException(
          Code.INVALID, "'" + path + "' refers to a block without a '" + ID + "'.", e);
    }
  }
}
