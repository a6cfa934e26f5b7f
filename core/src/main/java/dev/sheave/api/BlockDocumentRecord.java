package dev.sheave.api;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A block document in the store.
 *
 * @param id its id
 * @param created when it was first saved
 * @param updated when it was last changed; used to detect stale copies
 * @param name its name, unique within its type
 * @param data the values by wire name: JSON values; secrets masked unless they were asked for;
 *     values of referenced documents in their place
 * @param blockSchema the schema it was written under, with its type
 * @param references by the place in the data, such as {@code creds}, {@code items[0].creds} or
 *     {@code map.key}, the documents that stand there by reference
 * @param isAnonymous whether it was made for a deployment and isn't listed
 */
public record BlockDocumentRecord(
    UUID id,
    Instant created,
    Instant updated,
    String name,
    Map<String, @Nullable Object> data,
    BlockSchemaRecord blockSchema,
    Map<String, Reference> references,
    boolean isAnonymous) {

  /**
   * A document that a field refers to.
   *
   * @param id the referenced document's id
   * @param name its name
   * @param slug its type's slug
   * @param isAnonymous whether it is anonymous
   * @param updated when it was last changed, if the store says
   */
  public record Reference(
      UUID id, String name, String slug, boolean isAnonymous, @Nullable Instant updated) {}

  /** The reference to it: {@code type/name}. */
  public String reference() {
    return blockSchema.blockType().slug() + "/" + name;
  }

  /** Names the document, and leaves out its values: they may hold secrets. */
  @Override
  public String toString() {
    return "BlockDocumentRecord[" + reference() + ", id=" + id + "]";
  }
}
