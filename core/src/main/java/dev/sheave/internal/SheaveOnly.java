package dev.sheave.internal;

/**
 * What Sheave's own modules pass to methods and constructors that have to be public for them, and
 * aren't part of the API.
 */
public enum SheaveOnly {
  /** The only one. */
  PASS
}
