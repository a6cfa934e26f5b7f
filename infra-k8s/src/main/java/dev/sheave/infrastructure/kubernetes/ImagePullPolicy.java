package dev.sheave.infrastructure.kubernetes;

import dev.sheave.block.BlockField;

/** When an image is pulled from its registry. */
public enum ImagePullPolicy {
  /** If the node doesn't have it. */
  @BlockField(name = "IfNotPresent", description = "If the node doesn't have it.")
  IF_NOT_PRESENT,
  /** Before each run. */
  @BlockField(name = "Always", description = "Before each run.")
  ALWAYS,
  /** Never: the node must have it. */
  @BlockField(name = "Never", description = "Never: the node must have it.")
  NEVER
}
