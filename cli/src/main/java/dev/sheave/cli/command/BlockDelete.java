package dev.sheave.cli.command;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.block.Blocks;
import java.util.List;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sheave block delete}. */
@picocli.CommandLine.Command(
    description = "Delete a block that nothing uses.",
    footer = {"", "  $ sheave block delete s3/log-test"})
final class BlockDelete extends Command {

  @Parameters(paramLabel = "TYPE/NAME", description = "The block, such as s3/log-test.")
  String reference = "";

  @Option(
      names = "--force",
      description = "Delete it even if it is in use; its users lose their reference to it.")
  boolean force;

  @Override
  public int run(Invocation invocation) {
    Blocks blocks = invocation.sheave().blocks();
    List<String> users = blocks.usedBy(reference);
    if (!users.isEmpty() && !force) {
      throw new SheaveException(
          Code.CONFLICT,
          "The block '"
              + reference
              + "' is in use by "
              + String.join(", ", users)
              + "; change those first, or detach them with --force.");
    }
    blocks.delete(reference, force);
    invocation
        .terminal()
        .say(
            "Deleted block '"
                + reference
                + "'"
                + (users.isEmpty() ? "." : ", and detached " + String.join(", ", users) + "."));
    return 0;
  }
}
