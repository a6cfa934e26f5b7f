package dev.sheave.flow;

import dev.sheave.block.BlockRegistry;

/** A flow whose code is loaded. Holds its class loader open until it is closed. */
public interface LoadedFlow extends AutoCloseable {

  /** The definition of the flow, with the method to call. */
  FlowDefinition definition();

  /** The block types as the flow's code sees them: its own first. */
  BlockRegistry blockTypes();

  @Override
  void close();
}
