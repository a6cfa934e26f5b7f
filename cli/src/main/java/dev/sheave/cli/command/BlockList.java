package dev.sheave.cli.command;

import dev.sheave.Sheave;
import dev.sheave.api.BlockApi.BlockDocumentFilter;
import dev.sheave.api.BlockDocumentRecord;
import dev.sheave.api.internal.BlockJson;
import dev.sheave.block.Blocks;
import dev.sheave.cli.terminal.Table;
import dev.sheave.cli.terminal.Terminal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import picocli.CommandLine.Option;

/** {@code sheave block ls}. */
@picocli.CommandLine.Command(
    description = "List the blocks, newest first.",
    footer = {"", "  $ sheave block ls"})
final class BlockList extends ViewCommand {

  @Option(
      names = "--type",
      paramLabel = "TYPE",
      description = "Only blocks of this type, such as s3; may be repeated.")
  List<String> types = new ArrayList<>();

  @Option(
      names = "--capability",
      paramLabel = "CAPABILITY",
      description = "Only blocks with this capability, such as put-directory; may be repeated.")
  List<String> capabilities = new ArrayList<>();

  @Override
  public int run(Invocation invocation) {
    Terminal terminal = invocation.terminal();
    Sheave sheave = invocation.sheave();
    KnownTypes known = new KnownTypes(sheave);
    known.checkTypes(types);
    known.checkCapabilities(capabilities);
    Blocks blocks = sheave.blocks();
    BlockDocumentFilter filter =
        new BlockDocumentFilter(
            new LinkedHashSet<>(types), new LinkedHashSet<>(capabilities), false);
    List<BlockDocumentRecord> documents = readAll(page -> blocks.list(filter, page));
    if (format == Format.JSON) {
      return printJson(terminal, BlockJson.DOCUMENT.toJson(documents));
    }
    if (documents.isEmpty()) {
      terminal.complain(
          types.isEmpty() && capabilities.isEmpty()
              ? "There are no blocks yet; create one with 'sheave block create TYPE NAME'."
              : "No blocks match.");
      return 0;
    }
    Table table = new Table("ID", "TYPE", "NAME", "REFERENCE");
    for (BlockDocumentRecord document : documents) {
      table.add(
          document.id(),
          document.blockSchema().blockType().name(),
          document.name(),
          document.reference());
    }
    table.print(terminal);
    return 0;
  }
}
