package dev.sheave.cli;

import dev.sheave.cli.command.CommandRunner;
import dev.sheave.cli.terminal.Terminal;

/**
 * Runs {@code sheave} commands in this process.
 *
 * <p>Exit codes are 0, 1 for an error, 2 for a command that can't be understood, and 130 for one
 * that was interrupted. Errors are one sentence on standard error.
 */
public final class SheaveCommand {

  private SheaveCommand() {}

  /**
   * Runs one command.
   *
   * @param args its words, without {@code sheave}
   * @param terminal where it runs
   * @return its exit code
   */
  public static int run(String[] args, Terminal terminal) {
    return CommandRunner.run(args, terminal);
  }
}
