package dev.sheave.infrastructure.docker;

/** When an image is pulled from its registry. */
public enum ImagePullPolicy {
  /** If the engine doesn't have it. */
  IF_NOT_PRESENT,
  /** Before each run. */
  ALWAYS,
  /** Never: the engine must have it. */
  NEVER
}
