package dev.sheave.flow;

/** A flow whose code is loaded. Holds its class loader open until it is closed. */
public interface LoadedFlow extends AutoCloseable {

  /** The definition of the flow, with the method to call. */
  FlowDefinition definition();

  @Override
  void close();
}
