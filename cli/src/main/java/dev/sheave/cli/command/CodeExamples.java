package dev.sheave.cli.command;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.BlockTypeRecord;
import java.util.stream.Collectors;

/** The examples of code that block types bring along. */
final class CodeExamples {

  private CodeExamples() {}

  /**
   * Returns a type's example without the fences of Markdown, so that it can be compiled.
   *
   * @throws SheaveException {@code NOT_FOUND} if it has none
   */
  static String of(BlockTypeRecord type) {
    String example = type.texts().codeExample();
    if (example == null || example.isBlank()) {
      throw new SheaveException(
          Code.NOT_FOUND, "The block type '" + type.slug() + "' has no code example.");
    }
    return plain(example);
  }

  /** Returns an example without its fences. */
  static String plain(String example) {
    return example
        .lines()
        .filter(line -> !line.startsWith("```"))
        .collect(Collectors.joining("\n"))
        .strip();
  }
}
