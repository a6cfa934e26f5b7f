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
      description = "Show where an error came from.",
      hidden = true)
  boolean debug;

  /** For the commands of this package. */
  Command() {}

  /**
   * Does what the command says.
   *
   * @return the exit code
   * @throws UsageException if the options don't go together
   * @throws dev.sheave.SheaveException if it can't be done
   */
  public abstract int run(Invocation invocation);
}
