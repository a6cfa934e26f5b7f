package dev.sheave.cli.terminal;

import java.io.Console;
import org.jspecify.annotations.Nullable;

/** Asks the person at this process's console. */
final class ConsolePrompter implements Prompter {
  private final Console console;

  ConsolePrompter(Console console) {
    this.console = console;
  }

  @Override
  public @Nullable String answer(String prompt) {
    return console.readLine("%s", prompt);
  }

  @Override
  public @Nullable String hiddenAnswer(String prompt) {
    char[] typed = console.readPassword("%s", prompt);
    return typed == null ? null : new String(typed);
  }
}
