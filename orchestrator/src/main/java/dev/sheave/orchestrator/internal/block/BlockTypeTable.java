package dev.sheave.orchestrator.internal.block;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.BlockTypeRecord;
import dev.sheave.api.Page;
import dev.sheave.block.BlockName;
import dev.sheave.orchestrator.internal.database.MissingRecord;
import dev.sheave.orchestrator.internal.database.Row;
import dev.sheave.orchestrator.internal.database.StoreClock;
import dev.sheave.orchestrator.internal.query.Listing;
import dev.sheave.orchestrator.internal.query.Where;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** The table of block types. */
final class BlockTypeTable {
  /** Types that every installation relies on. */
  private static final Set<String> PROTECTED =
      Set.of("local-file-system", "process", "secret", "json", "date-time", "webhook");

  /** Names that start so are the reference's own. */
  private static final String RESERVED = "prefect";

  private BlockTypeTable() {}

  static Optional<BlockTypeRecord> find(Handle handle, String slug) {
    return handle
        .createQuery("select * from block_type where slug = :slug")
        .bind("slug", slug)
        .map((row, context) -> record(row))
        .findFirst();
  }

  static BlockTypeRecord read(Handle handle, UUID id) {
    return handle
        .createQuery("select * from block_type where id = :id")
        .bind("id", id)
        .map((row, context) -> record(row))
        .findFirst()
        .orElseThrow(() -> MissingRecord.of("block type", id));
  }

  static List<BlockTypeRecord> list(Handle handle, Set<String> capabilities, Page page) {
    Where where = new Where();
    String condition =
        capabilities.isEmpty()
            ? ""
            : "exists (select 1 from block_schema s where s.block_type_id = t.id"
                + CapabilityFilter.condition(capabilities)
                + ")";
    String end = Listing.ascending("block_type t", "t", "slug").end(handle, where, condition, page);
    return where
        .bindTo(handle.createQuery("select * from block_type t" + end))
        .bindMap(CapabilityFilter.values(capabilities))
        .map((row, context) -> record(row))
        .list();
  }

  static BlockTypeRecord create(Handle handle, String slug, BlockTypeRecord.Texts texts) {
    BlockName.checkSlug(slug);
    if (texts.name().toLowerCase(Locale.ROOT).startsWith(RESERVED)) {
      throw new SheaveException(
          Code.PERMISSION_DENIED,
          "Block type names that begin with 'Prefect' are reserved, as '"
              + texts.name()
              + "' does; choose another one.");
    }
    if (find(handle, slug).isPresent()) {
      throw new SheaveException(
          Code.ALREADY_EXISTS, "The block type '" + slug + "' already exists.");
    }
    Instant now = StoreClock.now(handle);
    BlockTypeRecord made =
        new BlockTypeRecord(UUID.randomUUID(), now, now, slug, texts, PROTECTED.contains(slug));
    handle
        .createUpdate(
            "insert into block_type (id, created, updated, slug, name, logo_url, documentation_url,"
                + " description, code_example, is_protected) values (:id, :created, :created, :slug, :name,"
                + " :logo_url, :documentation_url, :description, :code_example, :is_protected)")
        .bind("id", made.id())
        .bind("created", now)
        .bind("slug", slug)
        .bind("name", texts.name())
        .bind("logo_url", texts.logoUrl())
        .bind("documentation_url", texts.documentationUrl())
        .bind("description", texts.description())
        .bind("code_example", texts.codeExample())
        .bind("is_protected", made.isProtected())
        .execute();
    return made;
  }

  static void update(Handle handle, UUID id, BlockTypeRecord.Texts texts) {
    BlockTypeRecord seen = read(handle, id);
    handle
        .createUpdate(
            "update block_type set updated = :now, logo_url = :logo_url,"
                + " documentation_url = :documentation_url, description = :description,"
                + " code_example = :code_example where id = :id")
        .bind("now", StoreClock.nowAfter(handle, seen.updated()))
        .bind("logo_url", texts.logoUrl())
        .bind("documentation_url", texts.documentationUrl())
        .bind("description", texts.description())
        .bind("code_example", texts.codeExample())
        .bind("id", id)
        .execute();
  }

  /** Deletes a type that nothing outside it uses any more, with its schemas and documents. */
  static void delete(Handle handle, UUID id) {
    handle.createUpdate("delete from block_type where id = :id").bind("id", id).execute();
  }

  private static BlockTypeRecord record(ResultSet columns) throws SQLException {
    Row row = new Row(columns);
    return new BlockTypeRecord(
        row.id("id"),
        row.time("created"),
        row.time("updated"),
        row.text("slug"),
        new BlockTypeRecord.Texts(
            row.text("name"),
            row.textOrNull("logo_url"),
            row.textOrNull("documentation_url"),
            row.textOrNull("description"),
            row.textOrNull("code_example")),
        row.flag("is_protected"));
  }
}
