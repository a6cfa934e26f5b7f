package dev.sheave.block.internal;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Checks values by keywords of JSON schemas that Sheave doesn't read itself. They stand in schemas
 * of other programs. Safe for use by several threads.
 */
@FunctionalInterface
public interface SchemaKeywords {
  /** Leaves such keywords to where the records are kept. */
  SchemaKeywords UNREAD = (schema, value, path, problems) -> {};

  /**
   * Checks a value.
   *
   * @param schema keywords that stand alone, with the definitions that they may refer to
   * @param value a JSON value
   * @param path where the value is, for messages; empty for the whole
   * @param problems what is wrong is added to these
   */
  void check(Map<String, @Nullable Object> schema, Object value, String path, Problems problems);
}
