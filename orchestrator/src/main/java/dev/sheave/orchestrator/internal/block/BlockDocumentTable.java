package dev.sheave.orchestrator.internal.block;

import dev.sheave.SheaveException;
import dev.sheave.api.BlockApi.BlockDocumentFilter;
import dev.sheave.api.Page;
import dev.sheave.internal.Json;
import dev.sheave.orchestrator.internal.database.MissingRecord;
import dev.sheave.orchestrator.internal.database.Row;
import dev.sheave.orchestrator.internal.query.Listing;
import dev.sheave.orchestrator.internal.query.Where;
import dev.sheave.orchestrator.internal.secret.DocumentBinding;
import dev.sheave.orchestrator.internal.secret.DocumentCipher;
import dev.sheave.orchestrator.internal.secret.EncryptionKey;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/**
 * The tables of block documents and of the references between them. Values are in clear on this
 * side only.
 */
final class BlockDocumentTable {
  private static final String COLUMNS =
      "d.id, d.created, d.updated, d.name, d.block_type_id, d.block_schema_id, d.is_anonymous,"
          + " d.key_id, d.data, t.slug";
  private static final String FROM =
      " from block_document d join block_type t on t.id = d.block_type_id";

  private final DocumentCipher cipher;
  private final BlockSchemaTable schemas;

  BlockDocumentTable(DocumentCipher cipher, BlockSchemaTable schemas) {
    this.cipher = cipher;
    this.schemas = schemas;
  }

  /** A document with its values in clear, references as such. */
  record Document(
      UUID id,
      Instant created,
      Instant updated,
      String name,
      UUID blockTypeId,
      String slug,
      UUID blockSchemaId,
      boolean isAnonymous,
      Map<String, @Nullable Object> data) {

    String reference() {
      return slug + "/" + name;
    }

    /** Leaves out the values: they may hold secrets. */
    @Override
    public String toString() {
      return "Document[" + reference() + "]";
    }
  }

  Document read(Handle handle, UUID id) {
    return handle
        .createQuery("select " + COLUMNS + FROM + " where d.id = :id")
        .bind("id", id)
        .map((row, context) -> document(handle, row))
        .findFirst()
        .orElseThrow(() -> missing(id));
  }

  Optional<Document> find(Handle handle, String slug, String name) {
    return handle
        .createQuery("select " + COLUMNS + FROM + " where t.slug = :slug and d.name = :name")
        .bind("slug", slug)
        .bind("name", name)
        .map((row, context) -> document(handle, row))
        .findFirst();
  }

  /** Finds a document's id by names alone: also of one whose values can't be decrypted. */
  static Optional<UUID> findId(Handle handle, String slug, String name) {
    return handle
        .createQuery("select d.id" + FROM + " where t.slug = :slug and d.name = :name")
        .bind("slug", slug)
        .bind("name", name)
        .map((row, context) -> new Row(row).id("id"))
        .findFirst();
  }

  /** Returns the name of a document as people write it, {@code type/name}. */
  static String reference(Handle handle, UUID id) {
    return handle
        .createQuery("select t.slug || '/' || d.name as name" + FROM + " where d.id = :id")
        .bind("id", id)
        .map((row, context) -> new Row(row).text("name"))
        .findFirst()
        .orElseThrow(() -> missing(id));
  }

  /** Finds a document of equal content, whatever key its hash was made with. */
  Optional<Document> findAnonymous(Handle handle, UUID blockSchemaId, String content) {
    List<String> hashes =
        RegisteredKeys.ids(handle).stream()
            .map(key -> DocumentCipher.contentHash(cipher.key(key), content))
            .toList();
    return handle
        .createQuery(
            "select "
                + COLUMNS
                + FROM
                + " where d.block_schema_id = :schema and d.content_hash in (<hashes>)")
        .bind("schema", blockSchemaId)
        .bindList("hashes", hashes)
        .map((row, context) -> document(handle, row))
        .findFirst();
  }

  List<Document> list(Handle handle, BlockDocumentFilter filter, Page page) {
    Where where = new Where();
    String condition =
        "d.is_anonymous <= :anonymous"
            + (filter.slugs().isEmpty() ? "" : " and t.slug in (<slugs>)")
            + CapabilityFilter.condition(filter.capabilities());
    String sql =
        "select "
            + COLUMNS
            + FROM
            + " join block_schema s on s.id = d.block_schema_id"
            + Listing.descending("block_document d", "d", "created")
                .end(handle, where, condition, page);
    var query =
        where
            .bindTo(handle.createQuery(sql))
            .bind("anonymous", filter.includeAnonymous())
            .bindMap(CapabilityFilter.values(filter.capabilities()));
    if (!filter.slugs().isEmpty()) {
      query.bindList("slugs", List.copyOf(filter.slugs()));
    }
    return query.map((row, context) -> document(handle, row)).list();
  }

  /** Returns the documents of these ids that there are. */
  List<Document> readAll(Handle handle, Set<UUID> ids) {
    return handle
        .createQuery("select " + COLUMNS + FROM + " where d.id in (<ids>)")
        .bindList("ids", List.copyOf(ids))
        .map((row, context) -> document(handle, row))
        .list();
  }

  /** Returns what documents refer to: by document, by path. */
  Map<UUID, Map<String, UUID>> references(Handle handle, Collection<UUID> ids) {
    Map<UUID, Map<String, UUID>> references = new HashMap<>();
    if (ids.isEmpty()) {
      return references;
    }
    handle
        .createQuery(
            "select parent_id, path, referenced_id from block_document_reference"
                + " where parent_id in (<ids>)")
        .bindList("ids", List.copyOf(ids))
        .map(
            (columns, context) -> {
              Row row = new Row(columns);
              return references
                  .computeIfAbsent(row.id("parent_id"), any -> new LinkedHashMap<>())
                  .put(row.text("path"), row.id("referenced_id"));
            })
        .list();
    return references;
  }

  /** Returns the key that documents are written with. */
  private EncryptionKey currentKey(Handle handle) {
    return cipher.key(RegisteredKeys.ids(handle).get(0));
  }

  /**
   * Adds a document.
   *
   * @param content what others of equal content have too, if it is to be found by that
   */
  void insert(Handle handle, Document document, @Nullable String content) {
    EncryptionKey key = currentKey(handle);
    handle
        .createUpdate(
            "insert into block_document (id, created, updated, name, block_type_id,"
                + " block_schema_id, is_anonymous, key_id, data, content_hash) values (:id,"
                + " :created, :updated, :name, :type, :schema, :anonymous, :key, :data, :hash)")
        .bind("id", document.id())
        .bind("created", document.created())
        .bind("updated", document.updated())
        .bind("name", document.name())
        .bind("type", document.blockTypeId())
        .bind("schema", document.blockSchemaId())
        .bind("anonymous", document.isAnonymous())
        .bind("key", key.id())
        .bind("data", encrypt(handle, document, key))
        .bind("hash", hash(key, content))
        .execute();
    insertReferences(handle, document);
  }

  /** Changes a document; {@code content} as in {@link #insert}. */
  void update(Handle handle, Document document, @Nullable String content) {
    EncryptionKey key = currentKey(handle);
    handle
        .createUpdate(
            "update block_document set updated = :updated, block_schema_id = :schema,"
                + " key_id = :key, data = :data, content_hash = :hash where id = :id")
        .bind("updated", document.updated())
        .bind("schema", document.blockSchemaId())
        .bind("key", key.id())
        .bind("data", encrypt(handle, document, key))
        .bind("hash", hash(key, content))
        .bind("id", document.id())
        .execute();
    handle
        .createUpdate("delete from block_document_reference where parent_id = :id")
        .bind("id", document.id())
        .execute();
    insertReferences(handle, document);
  }

  private byte[] encrypt(Handle handle, Document document, EncryptionKey key) {
    DocumentBinding binding =
        new DocumentBinding(
            document.id(),
            document.blockTypeId(),
            document.slug(),
            document.name(),
            document.isAnonymous(),
            document.blockSchemaId(),
            schemas.digest(handle, document.blockSchemaId()),
            document.updated());
    return cipher.encrypt(binding, key, Json.write(document.data()));
  }

  private static @Nullable String hash(EncryptionKey key, @Nullable String content) {
    return content == null ? null : DocumentCipher.contentHash(key, content);
  }

  /** Returns the ids of some documents that are encrypted with another key. */
  List<UUID> notOf(Handle handle, EncryptionKey key, int limit) {
    return handle
        .createQuery("select id from block_document where key_id <> :key limit :limit")
        .bind("key", key.id())
        .bind("limit", limit)
        .map((row, context) -> new Row(row).id("id"))
        .list();
  }

  /** Encrypts a document with another key, and hashes the content of one that has a hash. */
  void move(Handle handle, Document document, EncryptionKey key, String content) {
    handle
        .createUpdate(
            "update block_document set key_id = :key, data = :data, content_hash ="
                + " case when content_hash is null then null else :hash end where id = :id")
        .bind("key", key.id())
        .bind("data", encrypt(handle, document, key))
        .bind("hash", hash(key, content))
        .bind("id", document.id())
        .execute();
  }

  private static void insertReferences(Handle handle, Document document) {
    Map<String, UUID> references = References.in(document.data());
    if (references.isEmpty()) {
      return;
    }
    PreparedBatch batch =
        handle.prepareBatch(
            "insert into block_document_reference (parent_id, path, referenced_id)"
                + " values (:parent, :path, :referenced)");
    references.forEach(
        (path, referenced) ->
            batch
                .bind("parent", document.id())
                .bind("path", path)
                .bind("referenced", referenced)
                .add());
    batch.execute();
  }

  void delete(Handle handle, UUID id) {
    handle.createUpdate("delete from block_document where id = :id").bind("id", id).execute();
  }

  /** Returns whether one document leads to another by references. */
  boolean leadsTo(Handle handle, UUID from, UUID to) {
    return handle
        .createQuery(
            "with recursive reached (id) as (select referenced_id from block_document_reference"
                + " where parent_id = :from union select r.referenced_id from"
                + " block_document_reference r join reached on r.parent_id = reached.id)"
                + " select 1 from reached where id = :to")
        .bind("from", from)
        .bind("to", to)
        .map((row, context) -> true)
        .findFirst()
        .orElse(from.equals(to));
  }

  /** Returns the ids of documents that refer to one directly. */
  List<UUID> parents(Handle handle, UUID id) {
    return handle
        .createQuery(
            "select distinct parent_id from block_document_reference where referenced_id = :id")
        .bind("id", id)
        .map((row, context) -> new Row(row).id("parent_id"))
        .list();
  }

  static SheaveException missing(UUID id) {
    return MissingRecord.of("block document", id);
  }

  private Document document(Handle handle, ResultSet columns) throws SQLException {
    Row row = new Row(columns);
    DocumentBinding binding =
        new DocumentBinding(
            row.id("id"),
            row.id("block_type_id"),
            row.text("slug"),
            row.text("name"),
            row.flag("is_anonymous"),
            row.id("block_schema_id"),
            schemas.digest(handle, row.id("block_schema_id")),
            row.time("updated"));
    String text = cipher.decrypt(binding, row.text("key_id"), row.bytes("data"));
    return new Document(
        binding.id(),
        row.time("created"),
        binding.updated(),
        binding.name(),
        binding.blockTypeId(),
        binding.slug(),
        binding.blockSchemaId(),
        binding.isAnonymous(),
        Json.parseObject(text, "The block document " + binding.id()));
  }
}
