package dev.sheave.orchestrator.internal.block;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.BlockApi;
import dev.sheave.api.BlockApi.NewBlockDocument;
import dev.sheave.api.BlockSchemaRecord;
import dev.sheave.block.BlockName;
import dev.sheave.internal.DocumentReference;
import dev.sheave.internal.Json;
import dev.sheave.orchestrator.internal.block.BlockDocumentTable.Document;
import dev.sheave.orchestrator.internal.database.StoreClock;
import dev.sheave.orchestrator.internal.schema.StoredSchema;
import dev.sheave.orchestrator.internal.secret.EncryptionKey;
import dev.sheave.orchestrator.internal.secret.Masks;
import dev.sheave.orchestrator.internal.secret.SortedJson;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The rules for creating, changing and deleting documents. Safe for use by several threads. */
final class DocumentWriter {
  private final BlockDocumentTable documents;
  private final BlockSchemaTable schemas;

  DocumentWriter(BlockDocumentTable documents, BlockSchemaTable schemas) {
    this.documents = documents;
    this.schemas = schemas;
  }

  Document create(Handle handle, NewBlockDocument wanted) {
    String givenName = wanted.name();
    if (givenName != null) {
      BlockName.check(givenName);
    } else if (!wanted.isAnonymous()) {
      throw new SheaveException(
          Code.INVALID, "Names must be provided for block documents that aren't anonymous.");
    }
    BlockSchemaRecord schema = schemas.read(handle, wanted.blockSchemaId());
    String slug = schema.blockType().slug();
    Map<String, @Nullable Object> data = masks(handle).restore(wanted.data(), Map.of(), slug);
    checkSize(data, givenName == null ? slug : slug + "/" + givenName);
    StoredSchema.check(schema.fields(), data);
    checkReferences(handle, data);
    // one that was given a name is wanted under that name, even if there is an equal one
    String content = givenName == null ? SortedJson.write(data) : null;
    if (content != null) {
      Optional<Document> equal = documents.findAnonymous(handle, schema.id(), content);
      if (equal.isPresent()) {
        return equal.get();
      }
    }
    if (givenName != null && documents.find(handle, slug, givenName).isPresent()) {
      throw new SheaveException(
          Code.ALREADY_EXISTS, "The block '" + slug + "/" + givenName + "' already exists.");
    }
    Instant now = StoreClock.now(handle);
    Document made =
        new Document(
            UUID.randomUUID(),
            now,
            now,
            givenName == null ? "anonymous-" + UUID.randomUUID() : givenName,
            schema.blockType().id(),
            slug,
            schema.id(),
            wanted.isAnonymous(),
            data);
    documents.insert(handle, made, content);
    return made;
  }

  void update(
      Handle handle,
      UUID id,
      UUID blockSchemaId,
      Map<String, @Nullable Object> submitted,
      boolean merge,
      @Nullable Instant expectedUpdated) {
    Document stored = documents.read(handle, id);
    if (expectedUpdated != null && !expectedUpdated.equals(stored.updated())) {
      throw new SheaveException(
          Code.CONFLICT,
          "The block '"
              + stored.reference()
              + "' was changed at "
              + stored.updated()
              + ", after your copy of it was read; read it again.");
    }
    BlockSchemaRecord schema = schemas.read(handle, blockSchemaId);
    if (!schema.blockType().id().equals(stored.blockTypeId())) {
      throw new SheaveException(
          Code.INVALID,
          "The block '"
              + stored.reference()
              + "' can't become a block of the type '"
              + schema.blockType().slug()
              + "'; its schema must belong to its own type.");
    }
    Map<String, @Nullable Object> restored =
        masks(handle).restore(submitted, stored.data(), stored.slug());
    StoredSchema.check(schema.fields(), restored);
    Map<String, @Nullable Object> data = new LinkedHashMap<>();
    if (merge) {
      data.putAll(stored.data());
    }
    data.putAll(restored);
    checkReferences(handle, data);
    checkForCycles(handle, stored, data);
    write(handle, stored, schema.id(), data);
  }

  private void write(
      Handle handle, Document stored, UUID blockSchemaId, Map<String, @Nullable Object> data) {
    checkSize(data, stored.reference());
    List<UUID> released = AnonymousDocuments.children(handle, stored.id());
    documents.update(
        handle,
        new Document(
            stored.id(),
            stored.created(),
            StoreClock.nowAfter(handle, stored.updated()),
            stored.name(),
            stored.blockTypeId(),
            stored.slug(),
            blockSchemaId,
            stored.isAnonymous(),
            data),
        sharedContent(handle, stored, blockSchemaId, data));
    AnonymousDocuments.collect(handle, released);
  }

  /**
   * An anonymous document whose new values equal another's is no longer shared; the other one is.
   */
  private @Nullable String sharedContent(
      Handle handle, Document stored, UUID blockSchemaId, Map<String, @Nullable Object> data) {
    if (!stored.isAnonymous()) {
      return null;
    }
    String content = SortedJson.write(data);
    return documents
            .findAnonymous(handle, blockSchemaId, content)
            .filter(equal -> !equal.id().equals(stored.id()))
            .isPresent()
        ? null
        : content;
  }

  void delete(Handle handle, UUID id, boolean detach) {
    String reference = BlockDocumentTable.reference(handle, id);
    List<String> users = DocumentUsers.of(handle, id);
    if (!users.isEmpty() && !detach) {
      throw new SheaveException(
          Code.CONFLICT,
          "The block '"
              + reference
              + "' is in use by "
              + String.join(", ", users)
              + "; change those first, or detach them.");
    }
    for (UUID parent : documents.parents(handle, id)) {
      Document user = documents.read(handle, parent);
      write(handle, user, user.blockSchemaId(), without(user.data(), id));
    }
    List<UUID> released = AnonymousDocuments.children(handle, id);
    // deployments and runs lose their reference by the tables' own rule
    documents.delete(handle, id);
    AnonymousDocuments.collect(handle, released);
  }

  private static Map<String, @Nullable Object> without(
      Map<String, @Nullable Object> data, UUID document) {
    return References.replace(
        data, (path, id) -> id.equals(document) ? null : DocumentReference.to(id));
  }

  private Masks masks(Handle handle) {
    return new Masks(slug -> schemas.secretsOfType(handle, slug));
  }

  private void checkReferences(Handle handle, Map<String, @Nullable Object> data) {
    Map<String, UUID> references = References.in(data);
    if (references.isEmpty()) {
      return;
    }
    var known =
        documents.readAll(handle, Set.copyOf(references.values())).stream()
            .map(Document::id)
            .toList();
    references.forEach(
        (path, id) -> {
          if (!known.contains(id)) {
            throw new SheaveException(
                Code.NOT_FOUND,
                "The field '"
                    + path
                    + "' refers to the block document "
                    + id
                    + ", which doesn't exist.");
          }
        });
  }

  private void checkForCycles(
      Handle handle, Document document, Map<String, @Nullable Object> data) {
    References.in(data)
        .forEach(
            (path, id) -> {
              if (documents.leadsTo(handle, id, document.id())) {
                throw new SheaveException(
                    Code.INVALID,
                    "The field '"
                        + path
                        + "' of the block '"
                        + document.reference()
                        + "' can't refer to '"
                        + documents.read(handle, id).reference()
                        + "', which leads back to it.");
              }
            });
  }

  /** Returns the ids of some documents that are encrypted with another key. */
  List<UUID> notOf(Handle handle, EncryptionKey key, int limit) {
    return documents.notOf(handle, key, limit);
  }

  /** Encrypts a document with another key; its values and times stay. */
  void move(Handle handle, UUID id, EncryptionKey key) {
    Document document = documents.read(handle, id);
    documents.move(handle, document, key, SortedJson.write(document.data()));
  }

  private static void checkSize(Map<String, @Nullable Object> data, String reference) {
    int size = Json.write(data).length();
    if (size > BlockApi.MAX_CHARACTERS) {
      throw new SheaveException(
          Code.INVALID,
          "The values of the block '"
              + reference
              + "' take "
              + size
              + " characters as JSON; the limit is "
              + BlockApi.MAX_CHARACTERS
              + ". Put the data into a file or a storage, and its location into the block.");
    }
  }
}
