package dev.sheave.api;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A block type as the store has it.
 *
 * @param id its id
 * @param slug what references name it by, such as {@code s3}
 * @param texts its name and what people read about it
 * @param isProtected whether it may not be deleted
 */
public record BlockTypeRecord(UUID id, String slug, Texts texts, boolean isProtected) {

  /** What people see of a block type. */
  public record Texts(
      String name,
      @Nullable String logoUrl,
      @Nullable String documentationUrl,
      @Nullable String description,
      @Nullable String codeExample) {}

  /** What people call it, such as {@code Local File System}. */
  public String name() {
    return texts.name();
  }
}
