package dev.sheave.cli.command;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.cli.terminal.Terminal;
import dev.sheave.cli.terminal.Terminal.Colour;
import dev.sheave.cli.terminal.TransferProgress;
import dev.sheave.storage.ObjectStorage;
import dev.sheave.storage.ReadableStorage;
import dev.sheave.storage.WritableStorage;
import dev.sheave.storage.transfer.FileTree;
import dev.sheave.storage.transfer.IgnoreRules;
import dev.sheave.storage.transfer.RelativePath;
import dev.sheave.storage.transfer.TransferOptions;
import dev.sheave.storage.transfer.TransferSummary;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sheave storage put}. */
@picocli.CommandLine.Command(
    description = "Put a file or a folder into a storage block.",
    footer = {
      "",
      "  $ sheave storage put s3/log-test/log-flow-directory .",
      "  $ sheave storage put s3/log-test/reports/ may.csv"
    })
final class StoragePut extends Command {

  @Parameters(
      index = "0",
      paramLabel = "TYPE/NAME[/PATH]",
      description =
          "The block, such as s3/log-test, and a path in it. A file goes into the folder if the"
              + " path ends with a slash.")
  String place = "";

  @Parameters(
      index = "1",
      paramLabel = "FROM",
      description = "A file or a folder; files that its .sheaveignore names are left out.")
  String source = "";

  @Option(
      names = "--prune",
      description = "Remove the files of an earlier put that the folder no longer has.")
  boolean prune;

  @Override
  public int run(Invocation invocation) {
    Terminal terminal = invocation.terminal();
    StoragePlace to = StoragePlace.parse(place);
    Path from = terminal.resolve(source);
    if (!Files.exists(from)) {
      throw new SheaveException(Code.NOT_FOUND, "The file or folder '" + from + "' doesn't exist.");
    }
    if (prune && !Files.isDirectory(from)) {
      throw new UsageException("--prune requires a folder; '" + source + "' is a file.");
    }
    ReadableStorage storage = to.storage(invocation.sheave().blocks());
    if (Files.isDirectory(from)) {
      putDirectory(writable(WritableStorage.class, storage, "put-directory"), to, from, terminal);
    } else {
      RelativePath file =
          to.isFolder() ? to.path().resolve(String.valueOf(from.getFileName())) : to.path();
      String location = writable(ObjectStorage.class, storage, "write-path").putFile(from, file);
      terminal.say(terminal.in(Colour.GOOD, "Successfully uploaded 1 file to " + location));
    }
    return 0;
  }

  private static <T> T writable(Class<T> kind, ReadableStorage storage, String capability) {
    if (kind.isInstance(storage)) {
      return kind.cast(storage);
    }
    throw new SheaveException(
        Code.UNSUPPORTED,
        "'"
            + storage.location(RelativePath.ROOT)
            + "' can only be read; 'sheave block ls --capability "
            + capability
            + "' lists blocks that can be written to.");
  }

  private void putDirectory(
      WritableStorage storage, StoragePlace to, Path from, Terminal terminal) {
    FileTree tree = FileTree.of(from, IgnoreRules.in(from));
    if (tree.files().isEmpty()) {
      terminal.complain(
          terminal.in(
              Colour.WARNING,
              "Warning: nothing was uploaded: '" + from + "' has no files that aren't ignored."));
      return;
    }
    TransferSummary done;
    try (TransferProgress progress = new TransferProgress(terminal, "Uploading")) {
      done =
          storage.putDirectory(
              tree, to.path(), TransferOptions.DEFAULTS.withPrune(prune).withListener(progress));
    }
    terminal.say(
        terminal.in(
            Colour.GOOD,
            "Successfully uploaded " + files(done) + " to " + storage.location(to.path())));
  }

  /** Says how many files were moved: {@code 3 files (1 unchanged)}. */
  static String files(TransferSummary done) {
    return done.files()
        + (done.files() == 1 ? " file" : " files")
        + (done.skipped() == 0 ? "" : " (" + done.skipped() + " unchanged)");
  }
}
