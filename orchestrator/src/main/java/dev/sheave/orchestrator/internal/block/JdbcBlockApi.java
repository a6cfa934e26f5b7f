package dev.sheave.orchestrator.internal.block;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.BlockApi;
import dev.sheave.api.BlockDocumentRecord;
import dev.sheave.api.BlockSchemaRecord;
import dev.sheave.api.BlockTypeRecord;
import dev.sheave.api.Created;
import dev.sheave.api.Page;
import dev.sheave.orchestrator.internal.database.Database;
import dev.sheave.orchestrator.internal.secret.DocumentCipher;
import dev.sheave.orchestrator.internal.secret.KeyRing;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Block types, schemas and documents over JDBC. Safe for use by several threads. */
public final class JdbcBlockApi implements BlockApi {
  private final Database database;
  private final KeyRing keys;
  private final BlockSchemaTable schemas = new BlockSchemaTable();
  private final BlockDocumentTable documents;
  private final DocumentWriter writer;

  /** Keeps the records in a database, its documents encrypted with the keys of a ring. */
  public JdbcBlockApi(Database database, KeyRing keys) {
    this.database = database;
    this.keys = keys;
    this.documents = new BlockDocumentTable(new DocumentCipher(keys), schemas);
    this.writer = new DocumentWriter(documents, schemas);
  }

  /** Returns what moves the documents to another key. */
  public EncryptionKeyRotation keyRotation() {
    return keyRotation(() -> {}, EncryptionKeyRotation.BATCH);
  }

  /**
   * As {@link #keyRotation()}, for tests of interruptions.
   *
   * @param afterEachStep is run between steps
   * @param batch how many documents are moved in one of them
   */
  public EncryptionKeyRotation keyRotation(Runnable afterEachStep, int batch) {
    return new EncryptionKeyRotation(database, keys, writer, afterEachStep, batch);
  }

  @Override
  public Optional<BlockTypeRecord> findBlockType(String slug) {
    return database.read(handle -> BlockTypeTable.find(handle, slug));
  }

  @Override
  public BlockTypeRecord readBlockType(UUID id) {
    return database.read(handle -> BlockTypeTable.read(handle, id));
  }

  @Override
  public BlockTypeRecord createBlockType(String slug, BlockTypeRecord.Texts texts) {
    return database.write(handle -> BlockTypeTable.create(handle, slug, texts));
  }

  @Override
  public void updateBlockType(UUID id, BlockTypeRecord.Texts texts) {
    database.change(handle -> BlockTypeTable.update(handle, id, texts));
  }

  @Override
  public void deleteBlockType(UUID id) {
    database.change(
        handle -> {
          BlockTypeRecord type = BlockTypeTable.read(handle, id);
          if (type.isProtected()) {
            throw new SheaveException(
                Code.PERMISSION_DENIED,
                "The block type '" + type.slug() + "' is protected and can't be deleted.");
          }
          List<String> users = DocumentUsers.ofType(handle, id);
          if (!users.isEmpty()) {
            throw new SheaveException(
                Code.CONFLICT,
                "Blocks of the type '"
                    + type.slug()
                    + "' are in use by "
                    + String.join(", ", users)
                    + "; delete those first.");
          }
          List<UUID> released = AnonymousDocuments.childrenOfType(handle, id);
          BlockTypeTable.delete(handle, id);
          AnonymousDocuments.collect(handle, released);
        });
  }

  @Override
  public List<BlockTypeRecord> listBlockTypes(Set<String> capabilities, Page page) {
    return database.read(handle -> BlockTypeTable.list(handle, capabilities, page));
  }

  @Override
  public BlockSchemaRecord readBlockSchema(UUID id) {
    return database.read(handle -> schemas.read(handle, id));
  }

  @Override
  public void deleteBlockSchema(UUID id) {
    database.change(handle -> schemas.delete(handle, id));
  }

  @Override
  public Optional<BlockSchemaRecord> findBlockSchema(String checksum, @Nullable String version) {
    return database.read(handle -> schemas.find(handle, checksum, version));
  }

  @Override
  public List<BlockSchemaRecord> listBlockSchemas(UUID blockTypeId, Page page) {
    return database.read(
        handle -> {
          BlockTypeTable.read(handle, blockTypeId);
          return schemas.list(handle, blockTypeId, page);
        });
  }

  @Override
  public Created<BlockSchemaRecord> findOrCreateBlockSchema(
      UUID blockTypeId,
      Map<String, @Nullable Object> fields,
      List<String> capabilities,
      String version) {
    return database.write(
        handle -> schemas.findOrCreate(handle, blockTypeId, fields, capabilities, version));
  }

  @Override
  public List<String> listCapabilities() {
    return database.read(schemas::capabilities);
  }

  @Override
  public BlockDocumentRecord createBlockDocument(NewBlockDocument document) {
    return database.write(
        handle ->
            new DocumentReader(handle, documents, schemas, false)
                .record(writer.create(handle, document)));
  }

  @Override
  public BlockDocumentRecord readBlockDocument(UUID id, boolean includeSecrets) {
    return database.read(
        handle ->
            new DocumentReader(handle, documents, schemas, includeSecrets)
                .record(documents.read(handle, id)));
  }

  @Override
  public Optional<BlockDocumentRecord> findBlockDocument(
      String slug, String name, boolean includeSecrets) {
    return database.read(
        handle ->
            documents
                .find(handle, slug, name)
                .map(
                    found ->
                        new DocumentReader(handle, documents, schemas, includeSecrets)
                            .record(found)));
  }

  @Override
  public Optional<UUID> findBlockDocumentId(String slug, String name) {
    return database.read(handle -> BlockDocumentTable.findId(handle, slug, name));
  }

  @Override
  public void updateBlockDocument(
      UUID id,
      UUID blockSchemaId,
      Map<String, @Nullable Object> data,
      boolean merge,
      @Nullable Instant expectedUpdated) {
    database.change(
        handle -> writer.update(handle, id, blockSchemaId, data, merge, expectedUpdated));
  }

  @Override
  public void deleteBlockDocument(UUID id, boolean detach) {
    database.change(handle -> writer.delete(handle, id, detach));
  }

  @Override
  public List<String> usersOfBlockDocument(UUID id) {
    return database.read(
        handle -> {
          BlockDocumentTable.reference(handle, id); // or it doesn't exist
          return DocumentUsers.of(handle, id);
        });
  }

  @Override
  public List<BlockDocumentRecord> listBlockDocuments(
      BlockDocumentFilter filter, Page page, boolean includeSecrets) {
    return database.read(
        handle ->
            new DocumentReader(handle, documents, schemas, includeSecrets)
                .records(documents.list(handle, filter, page)));
  }
}
