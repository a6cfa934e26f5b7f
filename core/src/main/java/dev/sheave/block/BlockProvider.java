package dev.sheave.block;

import java.util.List;

/**
 * Lists the block types of a module; found with {@link java.util.ServiceLoader}.
 *
 * <p>An implementation must not refer to a vendor's types: it is loaded to list the types, while
 * block classes are loaded only when a block is used.
 */
public interface BlockProvider {

  /** The module's block types. */
  List<BlockTypeDescriptor> types();
}
