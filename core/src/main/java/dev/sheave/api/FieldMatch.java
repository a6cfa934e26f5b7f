package dev.sheave.api;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which values of a field match. What is null is no condition. Immutable.
 *
 * @param operator whether all conditions must hold, or one of them
 * @param anyOf one of these; nothing matches an empty set
 * @param noneOf none of these
 * @param like contains this, in any case
 * @param startsWith starts with one of these; an empty set is no condition
 * @param isNull whether there is no value
 * @param <T> the values: strings, ids or types of states
 */
public record FieldMatch<T>(
    Operator operator,
    @Nullable Set<T> anyOf,
    @Nullable Set<T> noneOf,
    @Nullable String like,
    @Nullable Set<String> startsWith,
    @Nullable Boolean isNull) {

  private static final FieldMatch<?> ANY =
      new FieldMatch<>(Operator.AND, null, null, null, null, null);

  /** All values. */
  @SuppressWarnings("unchecked") // it has no values
  public static <T> FieldMatch<T> any() {
    return (FieldMatch<T>) ANY;
  }

  /** One of some values. */
  public static <T> FieldMatch<T> anyOf(Collection<T> values) {
    return new FieldMatch<>(Operator.AND, new LinkedHashSet<>(values), null, null, null, null);
  }

  /** None of some values. */
  public static <T> FieldMatch<T> noneOf(Collection<T> values) {
    return new FieldMatch<>(Operator.AND, null, new LinkedHashSet<>(values), null, null, null);
  }

  /** Values that contain a text, in any case. */
  public static <T> FieldMatch<T> like(String part) {
    return new FieldMatch<>(Operator.AND, null, null, part, null, null);
  }

  /** Values that start with one of some texts. */
  public static <T> FieldMatch<T> startsWith(Collection<String> prefixes) {
    return new FieldMatch<>(Operator.AND, null, null, null, new LinkedHashSet<>(prefixes), null);
  }

  /** No value, or any value. */
  public static <T> FieldMatch<T> isNull(boolean isNull) {
    return new FieldMatch<>(Operator.AND, null, null, null, null, isNull);
  }
}
