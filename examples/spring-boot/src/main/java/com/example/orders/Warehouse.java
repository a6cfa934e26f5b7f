package com.example.orders;

import dev.sheave.block.Block;
import dev.sheave.block.BlockField;
import dev.sheave.block.BlockType;
import dev.sheave.block.Secret;

/** A block type of the application's own: where the orders come from. */
@BlockType(slug = "warehouse", name = "Warehouse", description = "A warehouse and its password.")
public final class Warehouse extends Block {
  private final String city;
  private final Secret password;

  /** Describes a warehouse. */
  public Warehouse(
      @BlockField(description = "Where it is.") String city,
      @BlockField(description = "Opens it.") Secret password) {
    this.city = city;
    this.password = password;
  }

  /** Where it is. */
  public String city() {
    return city;
  }

  /** Opens it. */
  public Secret password() {
    return password;
  }
}
