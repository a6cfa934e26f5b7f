package dev.sheave.api.internal;

import dev.sheave.api.BlockDocumentRecord;
import dev.sheave.api.BlockDocumentRecord.Reference;
import dev.sheave.api.BlockSchemaRecord;
import dev.sheave.api.BlockTypeRecord;

/** Block types, schemas and documents. */
public final class BlockJson {

  /** Block types. */
  public static final RecordCodec<BlockTypeRecord> TYPE =
      new RecordCodec<>(
          "block type",
          (type, json) ->
              json.id("id", type.id())
                  .time("created", type.created())
                  .time("updated", type.updated())
                  .value("name", type.name())
                  .value("slug", type.slug())
                  .value("logo_url", type.texts().logoUrl())
                  .value("documentation_url", type.texts().documentationUrl())
                  .value("description", type.texts().description())
                  .value("code_example", type.texts().codeExample())
                  .value("is_protected", type.isProtected()),
          json ->
              new BlockTypeRecord(
                  json.id("id"),
                  json.time("created"),
                  json.time("updated"),
                  json.text("slug"),
                  new BlockTypeRecord.Texts(
                      json.text("name"),
                      json.textOrNull("logo_url"),
                      json.textOrNull("documentation_url"),
                      json.textOrNull("description"),
                      json.textOrNull("code_example")),
                  json.flag("is_protected", false)));

  /** Block schemas. */
  public static final RecordCodec<BlockSchemaRecord> SCHEMA =
      new RecordCodec<>(
          "block schema",
          (schema, json) ->
              json.id("id", schema.id())
                  .time("created", schema.created())
                  .time("updated", schema.updated())
                  .value("checksum", schema.checksum())
                  .value("fields", schema.fields())
                  .id("block_type_id", schema.blockType().id())
                  .record("block_type", TYPE, schema.blockType())
                  .value("capabilities", schema.capabilities())
                  .value("version", schema.version()),
          json ->
              new BlockSchemaRecord(
                  json.id("id"),
                  json.time("created"),
                  json.time("updated"),
                  json.text("checksum"),
                  json.object("fields"),
                  json.record("block_type", TYPE),
                  json.texts("capabilities"),
                  json.text("version")));

  private static final RecordCodec<Reference> REFERENCE =
      new RecordCodec<>(
          "reference to a block",
          (reference, json) ->
              json.id("id", reference.id())
                  .value("name", reference.name())
                  .value("block_type_slug", reference.slug())
                  .value("is_anonymous", reference.isAnonymous())
                  .time("updated", reference.updated()),
          json ->
              new Reference(
                  json.id("id"),
                  json.text("name", ""),
                  json.has("block_type_slug")
                      ? json.text("block_type_slug")
                      : json.record("block_type", TYPE).slug(),
                  json.flag("is_anonymous", false),
                  json.timeOrNull("updated")));

  private static final RecordCodec<Reference> REFERRED =
      new RecordCodec<>(
          "reference to a block",
          (reference, json) -> json.record("block_document", REFERENCE, reference),
          json -> json.record("block_document", REFERENCE));

  /** Block documents. */
  public static final RecordCodec<BlockDocumentRecord> DOCUMENT =
      new RecordCodec<>(
          "block document",
          (document, json) ->
              json.id("id", document.id())
                  .time("created", document.created())
                  .time("updated", document.updated())
                  .value("name", document.name())
                  .value("data", document.data())
                  .id("block_schema_id", document.blockSchema().id())
                  .record("block_schema", SCHEMA, document.blockSchema())
                  .id("block_type_id", document.blockSchema().blockType().id())
                  .record("block_type", TYPE, document.blockSchema().blockType())
                  .recordsByName("block_document_references", REFERRED, document.references())
                  .value("is_anonymous", document.isAnonymous()),
          json ->
              new BlockDocumentRecord(
                  json.id("id"),
                  json.time("created"),
                  json.time("updated"),
                  json.text("name"),
                  json.object("data"),
                  json.record("block_schema", SCHEMA),
                  json.recordsByName("block_document_references", REFERRED),
                  json.flag("is_anonymous", false)));

  private BlockJson() {}
}
