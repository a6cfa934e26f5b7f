package dev.sheave.cli.terminal;

import org.jspecify.annotations.Nullable;

/** Asks the person at a terminal. */
public interface Prompter {

  /**
   * Asks for a line.
   *
   * @param prompt stands before the answer
   * @return the answer; null if there won't be any more
   */
  @Nullable String answer(String prompt);

  /** Asks for a line that isn't shown while it is typed. */
  @Nullable String hiddenAnswer(String prompt);
}
