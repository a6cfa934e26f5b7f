package dev.sheave.cli.command;

import picocli.CommandLine.Option;

/** A command with its options, which picocli fills in. */
public abstract class Command {

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  boolean help;

  @Option(
      names = CommandTree.DEBUG_OPTION,
      description = "Show the stack trace of an error.",
      hidden = true)
  boolean debug;

  /** For the commands of this package. */
  Command() {}

  /**
   * Runs the command.
   *
   * @return the exit code
   * @throws UsageException if the options can't be combined
   * @throws dev.sheave.SheaveException if it can't be done
   */
  public abstract int run(Invocation invocation);
}
