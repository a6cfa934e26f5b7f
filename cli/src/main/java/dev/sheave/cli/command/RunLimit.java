package dev.sheave.cli.command;

import picocli.CommandLine.Parameters;

/** How many runs may be in progress at once. */
final class RunLimit {

  @Parameters(
      index = "1",
      paramLabel = "LIMIT",
      description = "How many runs; with 0, none is handed out.")
  int runs;

  /**
   * Checks it.
   *
   * @throws UsageException if it is negative
   */
  void check() {
    if (runs < 0) {
      throw new UsageException("LIMIT must be 0 or more, not " + runs + ".");
    }
  }
}
