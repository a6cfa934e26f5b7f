package dev.sheave.cli.command;

import dev.sheave.api.BlockDocumentRecord;
import dev.sheave.api.BlockSchemaRecord;
import dev.sheave.api.BlockTypeRecord;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Records as JSON, with the names that they have in the protocol. */
final class Wire {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSSxxx").withZone(ZoneOffset.UTC);

  private Wire() {}

  static Map<String, @Nullable Object> blockDocument(BlockDocumentRecord document) {
    Map<String, @Nullable Object> references = new LinkedHashMap<>();
    document
        .references()
        .forEach(
            (place, reference) -> {
              Map<String, @Nullable Object> target = new LinkedHashMap<>();
              target.put("id", reference.id().toString());
              target.put("name", reference.name());
              target.put("block_type_slug", reference.slug());
              target.put("is_anonymous", reference.isAnonymous());
              references.put(place, Map.of("block_document", target));
            });
    BlockSchemaRecord schema = document.blockSchema();
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("id", document.id().toString());
    json.put("created", time(document.created()));
    json.put("updated", time(document.updated()));
    json.put("name", document.name());
    json.put("data", document.data());
    json.put("block_schema_id", schema.id().toString());
    json.put("block_schema", blockSchema(schema));
    json.put("block_type_id", schema.blockType().id().toString());
    json.put("block_type", blockType(schema.blockType()));
    json.put("block_document_references", references);
    json.put("is_anonymous", document.isAnonymous());
    return json;
  }

  private static Map<String, @Nullable Object> blockSchema(BlockSchemaRecord schema) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("id", schema.id().toString());
    json.put("checksum", schema.checksum());
    json.put("fields", schema.fields());
    json.put("block_type_id", schema.blockType().id().toString());
    json.put("capabilities", schema.capabilities());
    json.put("version", schema.version());
    return json;
  }

  static Map<String, @Nullable Object> blockType(BlockTypeRecord type) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("id", type.id().toString());
    json.put("name", type.name());
    json.put("slug", type.slug());
    json.put("logo_url", type.texts().logoUrl());
    json.put("documentation_url", type.texts().documentationUrl());
    json.put("description", type.texts().description());
    json.put("code_example", type.texts().codeExample());
    json.put("is_protected", type.isProtected());
    return json;
  }

  static @Nullable String time(@Nullable Instant time) {
    return time == null ? null : TIME.format(time);
  }

  static @Nullable String id(@Nullable UUID id) {
    return id == null ? null : id.toString();
  }
}
