package dev.sheave.api;

/** How the conditions of a filter are combined. */
public enum Operator {
  /** All must hold. */
  AND,
  /** One of them must hold; without any condition, everything matches. */
  OR
}
