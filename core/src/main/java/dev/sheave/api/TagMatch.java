package dev.sheave.api;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which tags match. What is null is no condition. Immutable.
 *
 * @param operator whether all conditions must hold, or one of them
 * @param all all of these, and perhaps others
 * @param isNull whether there are no tags
 */
public record TagMatch(Operator operator, @Nullable Set<String> all, @Nullable Boolean isNull) {
  /** Any tags. */
  public static final TagMatch ANY = new TagMatch(Operator.AND, null, null);

  /** All of some tags, and perhaps others. */
  public static TagMatch all(Collection<String> tags) {
    return new TagMatch(Operator.AND, new LinkedHashSet<>(tags), null);
  }

  /** No tags, or some. */
  public static TagMatch isNull(boolean isNull) {
    return new TagMatch(Operator.AND, null, isNull);
  }
}
