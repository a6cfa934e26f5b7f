package dev.sheave.api;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A block type in the store.
 *
 * @param id its id
 * @param created when it was created
 * @param updated when it was last changed
 * @param slug the slug that references use, such as {@code s3}
 * @param texts its name and description
 * @param isProtected whether it must not be deleted
 */
public record BlockTypeRecord(
    UUID id, Instant created, Instant updated, String slug, Texts texts, boolean isProtected) {

  /** The name and description of a block type, for display. */
  public record Texts(
      String name,
      @Nullable String logoUrl,
      @Nullable String documentationUrl,
      @Nullable String description,
      @Nullable String codeExample) {}

  /** The display name, such as {@code Local File System}. */
  public String name() {
    return texts.name();
  }
}
