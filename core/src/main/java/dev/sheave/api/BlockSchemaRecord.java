package dev.sheave.api;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One version of a block type's schema in the store; unique by checksum and version.
 *
 * @param id its id
 * @param created when it was created
 * @param updated when it was last changed; schemas of this program's stores never change
 * @param checksum {@code sha256:…}, computed over the fields
 * @param fields the JSON schema
 * @param blockType the type it belongs to
 * @param capabilities the capabilities of its blocks, such as {@code put-directory}
 * @param version the version of the software that wrote it
 */
public record BlockSchemaRecord(
    UUID id,
    Instant created,
    Instant updated,
    String checksum,
    Map<String, @Nullable Object> fields,
    BlockTypeRecord blockType,
    List<String> capabilities,
    String version) {}
