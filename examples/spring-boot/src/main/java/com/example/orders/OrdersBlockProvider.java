package com.example.orders;

import dev.sheave.block.BlockProvider;
import dev.sheave.block.BlockTypeDescriptor;
import java.util.List;
import java.util.Set;

/** Tells Sheave which block types are in this application. */
public final class OrdersBlockProvider implements BlockProvider {

  @Override
  public List<BlockTypeDescriptor> types() {
    return List.of(
        new BlockTypeDescriptor(
            "warehouse", "Warehouse", Set.of(), "com.example.orders.Warehouse"));
  }
}
