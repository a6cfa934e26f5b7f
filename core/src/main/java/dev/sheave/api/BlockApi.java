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
 * <p>What is looked up by a natural key comes as an {@link Optional}; an id that names nothing is
 * {@link SheaveException.Code#NOT_FOUND}. Safe for use by several threads.
 */
public interface BlockApi {
  /** How many characters of JSON a document's values may be: four mebi. */
  int MAX_CHARACTERS = 4 << 20;

  /** Finds a block type. */
  Optional<BlockTypeRecord> findBlockType(String slug);

  /**
   * Makes a block type.
   *
   * @throws SheaveException {@code ALREADY_EXISTS} if there is one of that slug; {@code
   *     PERMISSION_DENIED} for reserved names
   */
  BlockTypeRecord createBlockType(String slug, BlockTypeRecord.Texts texts);

  /** Changes what people read about a block type; its name and slug stay. */
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

  /** Finds a schema; the newest of that checksum when {@code version} is null. */
  Optional<BlockSchemaRecord> findBlockSchema(String checksum, @Nullable String version);

  /** Lists the schemas of a block type, newest first. */
  List<BlockSchemaRecord> listBlockSchemas(UUID blockTypeId, Page page);

  /** Makes a schema, or returns the one that has its checksum and version. */
  BlockSchemaRecord createBlockSchema(
      UUID blockTypeId,
      Map<String, @Nullable Object> fields,
      List<String> capabilities,
      String version);

  /** Returns the capabilities of all schemas, each once, sorted. */
  List<String> listCapabilities();

  /**
   * Makes a document.
   *
   * @return the document, its secrets masked
   * @throws SheaveException {@code ALREADY_EXISTS} if the type has one of that name; {@code
   *     INVALID} for a bad name, a mask in the place of a secret, or more than {@link
   *     #MAX_CHARACTERS}; {@code NOT_FOUND} for a reference to a document that isn't
   */
  BlockDocumentRecord createBlockDocument(NewBlockDocument document);

  /** Reads a document by id. */
  BlockDocumentRecord readBlockDocument(UUID id, boolean includeSecrets);

  /** Finds a document by its type's slug and its name. */
  Optional<BlockDocumentRecord> findBlockDocument(String slug, String name, boolean includeSecrets);

  /**
   * Finds a document's id by its type's slug and its name; where the records are kept this reads no
   * values, so that a document that is damaged can be deleted.
   */
  default Optional<UUID> findBlockDocumentId(String slug, String name) {
    return findBlockDocument(slug, name, false).map(BlockDocumentRecord::id);
  }

  /**
   * Replaces or merges a document's values. A mask in the place of a secret keeps what is stored
   * there; null clears it.
   *
   * @param expectedUpdated if not null, the update is refused with {@code CONFLICT} unless the
   *     document was last changed then
   * @param merge whether fields that are absent from {@code data} keep their values
   * @throws SheaveException {@code INVALID} for a mask where nothing is stored, more than {@link
   *     #MAX_CHARACTERS}, a schema of another type, or a reference that leads back to the document;
   *     {@code NOT_FOUND} for a reference to a document that isn't
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
   * Names what uses a document: {@code deployment flow/name}, {@code block type/name}, and the runs
   * that aren't over and are to execute on it, {@code flow run name}.
   */
  List<String> usersOfBlockDocument(UUID id);

  /** Lists documents, newest first. */
  List<BlockDocumentRecord> listBlockDocuments(
      BlockDocumentFilter filter, Page page, boolean includeSecrets);

  /**
   * A document to be made.
   *
   * @param name its name; null only if anonymous
   * @param blockSchemaId the schema it is written under, which names its type
   * @param data its values; a reference to another document is {@code {"$ref":
   *     {"block_document_id": id}}}
   * @param isAnonymous whether it is made for a deployment: documents of equal content without a
   *     name are then one, which is deleted with the last reference to it
   */
  record NewBlockDocument(
      @Nullable String name,
      UUID blockSchemaId,
      Map<String, @Nullable Object> data,
      boolean isAnonymous) {

    /** Names the document, and leaves out its values: they may hold secrets. */
    @Override
    public String toString() {
      return "NewBlockDocument[" + name + "]";
    }
  }

  /**
   * Which documents are wanted.
   *
   * @param slugs of these types; of all if empty
   * @param capabilities with all these capabilities
   * @param includeAnonymous anonymous ones too
   */
  record BlockDocumentFilter(
      Set<String> slugs, Set<String> capabilities, boolean includeAnonymous) {
    /** All that have a name. */
    public static final BlockDocumentFilter NAMED =
        new BlockDocumentFilter(Set.of(), Set.of(), false);
  }
}
