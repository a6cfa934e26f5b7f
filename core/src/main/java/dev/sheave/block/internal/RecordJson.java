package dev.sheave.block.internal;

import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The JSON object of a record. It remembers the record's class, since a place of a sealed interface
 * needs its name, and who writes JSON for a schema alone doesn't know which places are such.
 */
final class RecordJson extends LinkedHashMap<String, @Nullable Object> {
  private static final long serialVersionUID = 1;

  private final transient Class<?> type;

  RecordJson(Class<?> type) {
    this.type = type;
  }

  /** The name that the record has as one that a sealed interface permits. */
  String variant() {
    return SealedType.nameOf(type);
  }
}
