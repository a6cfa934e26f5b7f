package dev.sheave.block;

import java.util.Set;

/**
 * What can be known of a block type without loading its class.
 *
 * @param slug what references name it by
 * @param name what people call it
 * @param capabilities what its blocks can do
 * @param className the block class
 */
public record BlockTypeDescriptor(
    String slug, String name, Set<String> capabilities, String className) {

  /**
   * Checks the slug.
   *
   * @throws dev.sheave.SheaveException {@code INVALID} if it isn't one
   */
  public BlockTypeDescriptor {
    BlockName.checkSlug(slug);
    capabilities = Set.copyOf(capabilities);
  }
}
