package dev.sheave.infrastructure.kubernetes;

import dev.sheave.block.BlockField;

/** What becomes of a run whose pod is evicted, preempted, or on a node that is lost. */
public enum OnDisruption {
  /** The run has crashed, with the cluster's reason. */
  @BlockField(name = "crash", description = "The run has crashed.")
  CRASH,
  /** A new pod executes it from its beginning. */
  @BlockField(name = "restart", description = "A new pod executes it from its beginning.")
  RESTART
}
