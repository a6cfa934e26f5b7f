package dev.sheave.block;

/** What saving does when the name is taken. */
public enum SaveMode {
  /** Refuse. */
  CREATE,
  /** Replace what is there; unless this block was made from a copy that is no longer the newest. */
  OVERWRITE
}
