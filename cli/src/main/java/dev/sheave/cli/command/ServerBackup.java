package dev.sheave.cli.command;

import dev.sheave.Sheave;
import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.cli.terminal.Terminal;
import dev.sheave.cli.terminal.TransferProgress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Parameters;

/** {@code sheave server backup}. */
@picocli.CommandLine.Command(
    description = "Copy the database into a new file, while servers and agents work on.",
    footer = {
      "",
      "Only its owner can read the file. The encryption key isn't in it: keep that as well, apart.",
      "To restore, stop all programs of the home, put the file in the place of the database, and",
      "remove the files beside it that end with -wal and -shm.",
      "",
      "  $ sheave server backup records.db"
    })
final class ServerBackup extends Command {

  @Parameters(index = "0", paramLabel = "FILE", description = "The file, which doesn't exist yet.")
  String file = "";

  @Override
  public int run(Invocation invocation) {
    Terminal terminal = invocation.terminal();
    Path to = terminal.resolve(file);
    Sheave sheave = invocation.sheave();
    ApiKeyCommand.administration(invocation).backUp(to);
    terminal.say(
        terminal.in(
            Terminal.Colour.GOOD,
            "Copied the records of "
                + sheave.api().url()
                + " to '"
                + to
                + "' ("
                + TransferProgress.size(size(to))
                + ")."));
    return CommandRunner.OK;
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new SheaveException(
          Code.INTERNAL, "The copy '" + file + "' is gone: " + e.getMessage() + ".", e);
    }
  }
}
