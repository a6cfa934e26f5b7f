package dev.sheave.orchestrator.internal.secret;

import dev.sheave.internal.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.UUID;

/**
 * What a document's values belong to. It is authenticated with them: in a row where any of it is
 * different they can't be decrypted, so that who can edit the database can't give a secret another
 * block's name, make it a field that isn't secret, or put an older one back.
 *
 * @param id the document
 * @param blockTypeId its type
 * @param slug its type's slug, by which it is known what is secret
 * @param name its name
 * @param isAnonymous whether it is anonymous
 * @param blockSchemaId its schema
 * @param schemaDigest tells the schema's fields, and which of them are secret, from any other
 * @param updated when it was last changed: its version
 */
public record DocumentBinding(
    UUID id,
    UUID blockTypeId,
    String slug,
    String name,
    boolean isAnonymous,
    UUID blockSchemaId,
    String schemaDigest,
    Instant updated) {

  /** All of it, so that no two bindings are the same bytes. */
  byte[] bytes() {
    return Json.write(
            Arrays.asList(
                id.toString(),
                blockTypeId.toString(),
                slug,
                name,
                isAnonymous,
                blockSchemaId.toString(),
                schemaDigest,
                updated.toString()))
        .getBytes(StandardCharsets.UTF_8);
  }

  /** Names the block as people do. */
  String reference() {
    return slug + "/" + name;
  }
}
