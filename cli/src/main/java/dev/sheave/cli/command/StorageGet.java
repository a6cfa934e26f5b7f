package dev.sheave.cli.command;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.cli.terminal.Terminal;
import dev.sheave.cli.terminal.Terminal.Colour;
import dev.sheave.cli.terminal.TransferProgress;
import dev.sheave.storage.ObjectStorage;
import dev.sheave.storage.ReadableStorage;
import dev.sheave.storage.transfer.TransferOptions;
import dev.sheave.storage.transfer.TransferSummary;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Parameters;

/** {@code sheave storage get}. */
@picocli.CommandLine.Command(
    description = "Fetch a file or a folder from a storage block.",
    footer = {
      "",
      "  $ sheave storage get s3/log-test/log-flow-directory",
      "  $ sheave storage get s3/log-test/reports/may.csv /tmp"
    })
final class StorageGet extends Command {

  @Parameters(
      index = "0",
      paramLabel = "TYPE/NAME[/PATH]",
      description = "The block, such as s3/log-test, and a path in it.")
  String place = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "TO",
      description =
          "Where to put it: a folder, or for a file also a file name. Default: the same name in"
              + " this directory.")
  @Nullable String target;

  @Override
  public int run(Invocation invocation) {
    Terminal terminal = invocation.terminal();
    StoragePlace from = StoragePlace.parse(place);
    ReadableStorage storage = from.storage(invocation.sheave().blocks());
    String name =
        from.path().isRoot()
            ? from.reference().substring(from.reference().indexOf('/') + 1)
            : from.path().fileName();
    Path to = terminal.resolve(target == null ? name : target);
    try {
      TransferSummary done = getDirectory(storage, from, to, terminal);
      terminal.say(
          terminal.in(
              Colour.GOOD,
              "Successfully downloaded "
                  + StoragePut.files(done)
                  + " from "
                  + storage.location(from.path())
                  + " to '"
                  + to
                  + "'."));
      return 0;
    } catch (SheaveException e) {
      if (e.code() != Code.NOT_FOUND
          || from.isFolder()
          || !(storage instanceof ObjectStorage files)) {
        throw e;
      }
      // no folder: a file then
      Path file = Files.isDirectory(to) ? to.resolve(name) : to;
      Path folder = file.getParent();
      if (folder == null || !Files.isDirectory(folder)) {
        throw new SheaveException(
            Code.INVALID, "The file '" + file + "' can't be written: its folder doesn't exist.", e);
      }
      long size = files.getFile(from.path(), file);
      terminal.say(
          terminal.in(
              Colour.GOOD,
              "Successfully downloaded "
                  + TransferProgress.size(size)
                  + " from "
                  + storage.location(from.path())
                  + " to '"
                  + file
                  + "'."));
      return 0;
    }
  }

  private static TransferSummary getDirectory(
      ReadableStorage storage, StoragePlace from, Path to, Terminal terminal) {
    try (TransferProgress progress = new TransferProgress(terminal, "Downloading")) {
      return storage.getDirectory(from.path(), to, TransferOptions.DEFAULTS.withListener(progress));
    }
  }
}
