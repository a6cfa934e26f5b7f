package dev.sheave.cli.command;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.internal.FieldWriter;
import dev.sheave.cli.terminal.Table;
import dev.sheave.cli.terminal.Terminal;
import dev.sheave.storage.ObjectStorage;
import dev.sheave.storage.ReadableStorage;
import dev.sheave.storage.transfer.ObjectSource.StoredObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Parameters;

/** {@code sheave storage ls}. */
@picocli.CommandLine.Command(
    description = "List all files in a storage block.",
    footer = {"", "  $ sheave storage ls s3/log-test/log-flow-directory"})
final class StorageList extends ViewCommand {

  @Parameters(
      paramLabel = "TYPE/NAME[/PATH]",
      description = "The block, such as s3/log-test, and a path in it.")
  String place = "";

  @Override
  public int run(Invocation invocation) {
    Terminal terminal = invocation.terminal();
    StoragePlace at = StoragePlace.parse(place);
    ReadableStorage storage = at.storage(invocation.sheave().blocks());
    if (!(storage instanceof ObjectStorage listed)) {
      throw new SheaveException(
          Code.UNSUPPORTED,
          "The files in '"
              + at.reference()
              + "' can't be listed; fetch them with 'sheave storage get'.");
    }
    List<StoredObject> files = new ArrayList<>();
    listed.list(at.path(), files::add);
    files.sort(Comparator.comparing(StoredObject::name));
    if (format == Format.JSON) {
      return printJson(terminal, files.stream().map(StorageList::json).toList());
    }
    if (files.isEmpty()) {
      terminal.complain("There are no files in " + storage.location(at.path()) + ".");
      return 0;
    }
    Table table = new Table("BYTES", "MODIFIED", "NAME");
    for (StoredObject file : files) {
      table.add(
          file.size(), file.modified() == null ? null : Times.local(file.modified()), file.name());
    }
    table.print(terminal);
    return 0;
  }

  private static Map<String, @Nullable Object> json(StoredObject file) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("name", file.name());
    json.put("size", file.size());
    json.put("modified", FieldWriter.time(file.modified()));
    return json;
  }
}
