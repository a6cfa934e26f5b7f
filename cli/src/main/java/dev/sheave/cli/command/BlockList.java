package dev.sheave.cli.command;

import dev.sheave.api.BlockApi.BlockDocumentFilter;
import dev.sheave.api.BlockDocumentRecord;
import dev.sheave.block.Blocks;
import dev.sheave.cli.terminal.Table;
import dev.sheave.cli.terminal.Terminal;
import java.util.List;

/** {@code sheave block ls}. */
@picocli.CommandLine.Command(
    description = "List the blocks, newest first.",
    footer = {"", "  $ sheave block ls"})
final class BlockList extends ViewCommand {

  @Override
  public int run(Invocation invocation) {
    Terminal terminal = invocation.terminal();
    Blocks blocks = invocation.sheave().blocks();
    List<BlockDocumentRecord> documents =
        readAll(page -> blocks.list(BlockDocumentFilter.NAMED, page));
    if (format == Format.JSON) {
      return printJson(terminal, documents.stream().map(Wire::blockDocument).toList());
    }
    if (documents.isEmpty()) {
      terminal.complain("There are no blocks yet; make one with 'sheave block create TYPE NAME'.");
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
