package dev.sheave.block;

import java.util.List;

/**
 * Tells which block types a module has; found with {@link java.util.ServiceLoader}.
 *
 * <p>An implementation has no type of a vendor in it: it is loaded to list the types, the block
 * classes only when a block is used.
 */
public interface BlockProvider {

  /** The module's block types. */
  List<BlockTypeDescriptor> types();
}
