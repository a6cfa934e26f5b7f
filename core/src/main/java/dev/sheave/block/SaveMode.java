package dev.sheave.block;

/** How to save a block whose name is taken. */
public enum SaveMode {
  /** Throw an exception. */
  CREATE,
  /** Replace the existing block, unless it has changed since this block was loaded. */
  OVERWRITE
}
