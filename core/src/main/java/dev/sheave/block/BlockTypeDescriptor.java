package dev.sheave.block;

import java.util.Set;

/**
 * The description of a block type, available without loading its class.
 *
 * @param slug the slug that references use
 * @param name the display name
 * @param capabilities the capabilities of its blocks
 * @param className the block class
 */
public record BlockTypeDescriptor(
    String slug, String name, Set<String> capabilities, String className) {

  /**
   * Checks the slug.
   *
   * @throws dev.sheave.SheaveException {@code INVALID} if the slug isn't valid
   */
  public BlockTypeDescriptor {
    BlockName.checkSlug(slug);
    capabilities = Set.copyOf(capabilities);
  }
}
