package dev.sheave.api;

import org.jspecify.annotations.Nullable;

/**
 * A change of one field in an update: keep it, or set it, possibly to null. On the wire a kept
 * field is absent, and a cleared one is null.
 *
 * @param isSet whether the field is set
 * @param value the new value
 */
public record Change<T>(boolean isSet, @Nullable T value) {

  /** Leaves the field as it is. */
  public static <T> Change<T> keep() {
    return new Change<>(false, null);
  }

  /** Sets the field to a value, or clears it. */
  public static <T> Change<T> to(@Nullable T value) {
    return new Change<>(true, value);
  }

  /** Returns the value after the change of a field that was {@code current}. */
  public @Nullable T applyTo(@Nullable T current) {
    return isSet ? value : current;
  }
}
