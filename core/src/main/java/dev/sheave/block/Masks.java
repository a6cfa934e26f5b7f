package dev.sheave.block;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds masks where secrets should be. */
final class Masks {

  private Masks() {}

  /** Returns whether a JSON value is a mask or holds one. */
  static boolean isAnyIn(@Nullable Object json) {
    if (json instanceof Map<?, ?> map) {
      return map.values().stream().anyMatch(Masks::isAnyIn);
    }
    if (json instanceof List<?> list) {
      return list.stream().anyMatch(Masks::isAnyIn);
    }
    return json instanceof String text && Secret.isMask(text);
  }
}
