package dev.sheave.block;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.internal.Arguments;

/**
 * A reference to a saved block: {@code type/name}.
 *
 * @param slug the block type
 * @param name the document's name
 */
public record BlockReference(String slug, String name) {

  /**
   * Reads {@code type/name}.
   *
   * @throws SheaveException {@code INVALID} unless there is exactly one slash, with something on
   *     both sides
   */
  public static BlockReference parse(String text) {
    Arguments.require(text, "A block reference such as 's3/log-test'");
    int slash = text.indexOf('/');
    if (slash <= 0 || slash == text.length() - 1 || text.indexOf('/', slash + 1) >= 0) {
      throw new SheaveException(
          Code.INVALID,
          "'"
              + text.replaceAll("\\p{Cntrl}", "\u240a")
              + "' isn't a block reference; write the block's type, a slash and its name, such as"
              + " 's3/log-test'.");
    }
    return new BlockReference(text.substring(0, slash), text.substring(slash + 1));
  }

  /** Returns {@code type/name}. */
  @Override
  public String toString() {
    return slug + "/" + name;
  }
}
