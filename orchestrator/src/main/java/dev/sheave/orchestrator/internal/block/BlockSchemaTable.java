package dev.sheave.orchestrator.internal.block;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.BlockSchemaRecord;
import dev.sheave.api.BlockTypeRecord;
import dev.sheave.api.Created;
import dev.sheave.api.Page;
import dev.sheave.block.BlockSchema;
import dev.sheave.internal.Json;
import dev.sheave.orchestrator.internal.database.MissingRecord;
import dev.sheave.orchestrator.internal.database.Row;
import dev.sheave.orchestrator.internal.database.StoreClock;
import dev.sheave.orchestrator.internal.query.Listing;
import dev.sheave.orchestrator.internal.query.Where;
import dev.sheave.orchestrator.internal.secret.SecretFields;
import dev.sheave.orchestrator.internal.secret.SortedJson;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The table of block schemas. A schema never changes, so schemas that were read are cached. Safe
 * for use by several threads.
 */
final class BlockSchemaTable {

  private final Map<UUID, Content> contents = new ConcurrentHashMap<>();

  /** What never changes of a schema. */
  private record Content(
      Instant created,
      String checksum,
      Map<String, @Nullable Object> fields,
      SecretFields secrets,
      String digest,
      UUID blockTypeId,
      List<String> capabilities,
      String version) {

    BlockSchemaRecord record(UUID id, BlockTypeRecord type) {
      return new BlockSchemaRecord(
          id, created, created, checksum, fields, type, capabilities, version);
    }
  }

  Optional<BlockSchemaRecord> find(Handle handle, String checksum, @Nullable String version) {
    return handle
        .createQuery(
            "select id from block_schema where checksum = :checksum"
                + " and (:version is null or version = :version)"
                + " order by created desc, id limit 1")
        .bind("checksum", checksum)
        .bind("version", version)
        .map((row, context) -> new Row(row).id("id"))
        .findFirst()
        .map(id -> read(handle, id));
  }

  BlockSchemaRecord read(Handle handle, UUID id) {
    Content content = content(handle, id);
    checkExists(handle, id); // another program may have deleted it
    return content.record(id, BlockTypeTable.read(handle, content.blockTypeId()));
  }

  /** Deletes a schema that no document was saved under. */
  void delete(Handle handle, UUID id) {
    BlockSchemaRecord schema = read(handle, id);
    if (schema.blockType().isProtected()) {
      throw new SheaveException(
          Code.PERMISSION_DENIED,
          "The block type '"
              + schema.blockType().slug()
              + "' is protected; its schemas can't be deleted.");
    }
    List<String> documents =
        handle
            .createQuery(
                "select name from block_document where block_schema_id = :id order by name")
            .bind("id", id)
            .map((row, context) -> schema.blockType().slug() + "/" + new Row(row).text("name"))
            .list();
    if (!documents.isEmpty()) {
      throw new SheaveException(
          Code.CONFLICT,
          "The block schema with the id "
              + id
              + " is in use by "
              + String.join(", ", documents)
              + "; delete those first.");
    }
    handle.createUpdate("delete from block_schema where id = :id").bind("id", id).execute();
    contents.remove(id);
  }

  private static void checkExists(Handle handle, UUID id) {
    if (handle
        .createQuery("select 1 from block_schema where id = :id")
        .bind("id", id)
        .map((row, context) -> true)
        .findFirst()
        .isEmpty()) {
      throw missing(id);
    }
  }

  private static SheaveException missing(UUID id) {
    return MissingRecord.of("block schema", id);
  }

  /**
   * Where documents of a type have secrets, by any of its schemas; empty for types that aren't
   * here. Every release adds a schema, most of them equal to the one before.
   */
  List<SecretFields> secretsOfType(Handle handle, String slug) {
    return handle
        .createQuery(
            "select min(s.id) as id from block_schema s"
                + " join block_type t on t.id = s.block_type_id"
                + " where t.slug = :slug group by s.fields")
        .bind("slug", slug)
        .map((row, context) -> new Row(row).id("id"))
        .list()
        .stream()
        .map(id -> content(handle, id).secrets())
        .toList();
  }

  /** Returns what tells a schema's fields, and which of them are secret, from any other. */
  String digest(Handle handle, UUID id) {
    return content(handle, id).digest();
  }

  List<BlockSchemaRecord> list(Handle handle, UUID blockTypeId, Page page) {
    Where where = new Where();
    String end =
        Listing.descending("block_schema s", "s", "created")
            .end(handle, where, "s.block_type_id = :type", page);
    return where
        .bindTo(handle.createQuery("select s.id from block_schema s" + end))
        .bind("type", blockTypeId)
        .map((row, context) -> new Row(row).id("id"))
        .list()
        .stream()
        .map(id -> read(handle, id))
        .toList();
  }

  Created<BlockSchemaRecord> findOrCreate(
      Handle handle,
      UUID blockTypeId,
      Map<String, @Nullable Object> fields,
      List<String> capabilities,
      String version) {
    BlockTypeRecord type = BlockTypeTable.read(handle, blockTypeId);
    Object kind = fields.get("type");
    if (kind != null && !kind.equals("object")) {
      throw new SheaveException(
          Code.INVALID,
          "The 'type' of a block schema must be \"object\", since its blocks are objects; not "
              + Json.write(kind)
              + ".");
    }
    SecretFields.check(fields);
    String checksum = BlockSchema.checksum(fields);
    Optional<BlockSchemaRecord> existing = find(handle, checksum, version);
    if (existing.isPresent()) {
      return new Created<>(existing.get(), false);
    }
    UUID id = UUID.randomUUID();
    handle
        .createUpdate(
            "insert into block_schema (id, created, block_type_id, checksum, version, fields,"
                + " capabilities) values (:id, :created, :type, :checksum, :version, :fields,"
                + " :capabilities)")
        .bind("id", id)
        .bind("created", StoreClock.now(handle))
        .bind("type", type.id())
        .bind("checksum", checksum)
        .bind("version", version)
        .bind("fields", Json.write(fields))
        .bind("capabilities", Json.write(capabilities))
        .execute();
    return new Created<>(read(handle, id), true);
  }

  List<String> capabilities(Handle handle) {
    TreeSet<String> all = new TreeSet<>();
    handle
        .createQuery("select distinct capabilities from block_schema")
        .map((row, context) -> new Row(row).texts("capabilities"))
        .forEach(all::addAll);
    return List.copyOf(all);
  }

  private Content content(Handle handle, UUID id) {
    Content known = contents.get(id);
    if (known != null) {
      return known;
    }
    Content read =
        handle
            .createQuery("select * from block_schema where id = :id")
            .bind("id", id)
            .map((row, context) -> content(row))
            .findFirst()
            .orElseThrow(() -> missing(id));
    contents.put(id, read);
    return read;
  }

  private static Content content(ResultSet columns) throws SQLException {
    Row row = new Row(columns);
    Map<String, @Nullable Object> fields = Json.copyObject(row.object("fields"));
    return new Content(
        row.time("created"),
        row.text("checksum"),
        fields,
        SecretFields.of(fields),
        SortedJson.digest(fields),
        row.id("block_type_id"),
        row.texts("capabilities"),
        row.text("version"));
  }
}
