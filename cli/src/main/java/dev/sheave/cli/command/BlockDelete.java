package dev.sheave.cli.command;

import picocli.CommandLine.Parameters;

/** {@code sheave block delete}. */
@picocli.CommandLine.Command(
    description = "Delete a block that nothing uses.",
    footer = {"", "  $ sheave block delete s3/log-test"})
final class BlockDelete extends Command {

  @Parameters(paramLabel = "TYPE/NAME", description = "The block, such as s3/log-test.")
  String reference = "";

  @Override
  public int run(Invocation invocation) {
    invocation.sheave().blocks().delete(reference, false);
    invocation.terminal().say("Deleted block '" + reference + "'.");
    return 0;
  }
}
