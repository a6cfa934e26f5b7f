package dev.sheave.api;

import dev.sheave.SheaveException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Block types, schemas and documents. Values are JSON values: strings, booleans, numbers, lists,
 * maps with string keys, and null.
 *
 * <p>A lookup by a natural key returns an {@link Optional}; an unknown id throws {@link
 * SheaveException.Code#NOT_FOUND}. Safe for use by several threads.
 */
public interface BlockApi {
  /** The maximum size of a document's values, in characters of JSON: four mebi. */
  int MAX_CHARACTERS = 4 << 20;

  /** Finds a block type. */
  Optional<BlockTypeRecord> findBlockType(String slug);

  /** Reads a block type by id. */
  BlockTypeRecord readBlockType(UUID id);

  /**
   * Creates a block type.
   *
   * @throws SheaveException {@code ALREADY_EXISTS} if the slug is taken; {@code PERMISSION_DENIED}
   *     for reserved names
   */
  BlockTypeRecord createBlockType(String slug, BlockTypeRecord.Texts texts);

  /** Updates the description of a block type; its name and slug stay. */
  void updateBlockType(UUID id, BlockTypeRecord.Texts texts);

  /**
   * Deletes a block type with its schemas and documents.
   *
   * @throws SheaveException {@code PERMISSION_DENIED} for a protected type; {@code CONFLICT} if
   *     documents of it are in use
   */
  void deleteBlockType(UUID id);

  /** Lists block types by slug, those with all the given capabilities. */
  List<BlockTypeRecord> listBlockTypes(Set<String> capabilities, Page page);

  /** Reads a schema by id. */
  BlockSchemaRecord readBlockSchema(UUID id);

  /** Finds a schema; the newest of that checksum when {@code version} is null. */
  Optional<BlockSchemaRecord> findBlockSchema(String checksum, @Nullable String version);

  /** Lists the schemas of a block type, newest first. */
  List<BlockSchemaRecord> listBlockSchemas(UUID blockTypeId, Page page);

  /**
   * Creates a schema, or returns the one that has its checksum and version.
   *
   * @throws SheaveException {@code INVALID} if its {@code secret_fields} can't be read
   */
  Created<BlockSchemaRecord> findOrCreateBlockSchema(
      UUID blockTypeId,
      Map<String, @Nullable Object> fields,
      List<String> capabilities,
      String version);

  /** Creates a schema, or returns the one that has its checksum and version. */
  default BlockSchemaRecord createBlockSchema(
      UUID blockTypeId,
      Map<String, @Nullable Object> fields,
      List<String> capabilities,
      String version) {
    return findOrCreateBlockSchema(blockTypeId, fields, capabilities, version).record();
  }

  /**
   * Deletes a schema.
   *
   * @throws SheaveException {@code PERMISSION_DENIED} for one of a protected type; {@code
   *     CONFLICT}, naming them, if documents were saved under it
   */
  void deleteBlockSchema(UUID id);

  /** Returns the capabilities of all schemas, each once, sorted. */
  List<String> listCapabilities();

  /**
   * Creates a document.
   *
   * @return the document, its secrets masked
   * @throws SheaveException {@code ALREADY_EXISTS} if the type has a document of that name; {@code
   *     INVALID} for a bad name, a mask in place of a secret, or more than {@link #MAX_CHARACTERS};
   *     {@code NOT_FOUND} for a reference to a missing document
   */
  BlockDocumentRecord createBlockDocument(NewBlockDocument document);

  /** Reads a document by id. */
  BlockDocumentRecord readBlockDocument(UUID id, boolean includeSecrets);

  /** Finds a document by its type's slug and its name. */
  Optional<BlockDocumentRecord> findBlockDocument(String slug, String name, boolean includeSecrets);

  /**
   * Finds a document's id by its type's slug and its name. Where the records are kept this reads no
   * values, so that a damaged document can be deleted.
   */
  default Optional<UUID> findBlockDocumentId(String slug, String name) {
    return findBlockDocument(slug, name, false).map(BlockDocumentRecord::id);
  }

  /**
   * Replaces or merges a document's values. A mask in place of a secret keeps the stored secret;
   * null clears it.
   *
   * @param expectedUpdated if not null, the update is refused with {@code CONFLICT} unless the
   *     document was last changed then
   * @param merge whether fields that are absent from {@code data} keep their values
   * @throws SheaveException {@code INVALID} for a mask where nothing is stored, more than {@link
   *     #MAX_CHARACTERS}, a schema of another type, or a reference that leads back to the document;
   *     {@code NOT_FOUND} for a reference to a missing document
   */
  void updateBlockDocument(
      UUID id,
      UUID blockSchemaId,
      Map<String, @Nullable Object> data,
      boolean merge,
      @Nullable Instant expectedUpdated);

  /**
   * Deletes a document.
   *
   * @param detach whether deployments and documents that refer to it lose the reference; otherwise
   *     a document in use is refused
   * @throws SheaveException {@code CONFLICT}, naming the users, if it is in use and not to be
   *     detached
   */
  void deleteBlockDocument(UUID id, boolean detach);

  /**
   * Returns the users of a document: {@code deployment flow/name}, {@code block type/name}, and
   * {@code flow run name} for runs that aren't over and use it as infrastructure.
   */
  List<String> usersOfBlockDocument(UUID id);

  /** Lists documents, newest first. */
  List<BlockDocumentRecord> listBlockDocuments(
      BlockDocumentFilter filter, Page page, boolean includeSecrets);

  /**
   * A document to be created.
   *
   * @param name its name; null only if anonymous
   * @param blockSchemaId the schema it is written under, which names its type
   * @param data its values; a reference to another document is {@code {"$ref":
   *     {"block_document_id": id}}}
   * @param isAnonymous whether it is created for a deployment: anonymous documents with equal
   *     content are one document, which is deleted with the last reference to it
   */
  record NewBlockDocument(
      @Nullable String name,
      UUID blockSchemaId,
      Map<String, @Nullable Object> data,
      boolean isAnonymous) {

    /** Returns the name without the values, which may hold secrets. */
    @Override
    public String toString() {
      return "NewBlockDocument[" + name + "]";
    }
  }

  /**
   * A filter of documents.
   *
   * @param slugs of these types; of all if empty
   * @param capabilities with all these capabilities
   * @param includeAnonymous anonymous ones too
   */
  record BlockDocumentFilter(
      Set<String> slugs, Set<String> capabilities, boolean includeAnonymous) {
    /** All documents with a name. */
    public static final BlockDocumentFilter NAMED =
        new BlockDocumentFilter(Set.of(), Set.of(), false);
  }
}
