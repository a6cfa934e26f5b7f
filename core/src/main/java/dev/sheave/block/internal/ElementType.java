package dev.sheave.block.internal;

import org.jspecify.annotations.Nullable;

/**
 * The type of the elements of a list or a map.
 *
 * @param type the type
 * @param nullable whether elements may be null
 */
record ElementType(ValueType type, boolean nullable) {

  @Nullable Object read(@Nullable Object json, String path, ReadContext context) {
    if (json == null) {
      if (nullable) {
        return null;
      }
      throw type.wrong(null, path);
    }
    return type.read(json, path, context);
  }
}
