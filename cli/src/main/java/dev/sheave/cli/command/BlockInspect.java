package dev.sheave.cli.command;

import dev.sheave.api.BlockDocumentRecord;
import dev.sheave.api.internal.BlockJson;
import dev.sheave.cli.terminal.Table;
import dev.sheave.cli.terminal.Terminal;
import dev.sheave.internal.Json;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sheave block inspect}. */
@picocli.CommandLine.Command(
    description = "Show a block; secrets stay masked.",
    footer = {"", "  $ sheave block inspect s3/log-test"})
final class BlockInspect extends ViewCommand {

  @Parameters(paramLabel = "TYPE/NAME", description = "The block, such as s3/log-test.")
  String reference = "";

  @Option(
      names = "--show-code",
      description = "Show how to use it in Java instead: the code example of its type.")
  boolean showCode;

  @Mixin WebPage page = new WebPage();

  @Override
  public int run(Invocation invocation) {
    Terminal terminal = invocation.terminal();
    BlockDocumentRecord document = invocation.sheave().blocks().document(reference);
    if (page.isWanted) {
      String type = document.blockSchema().blockType().slug();
      return page.open(invocation, "blocks", type, document.name());
    }
    if (showCode) {
      terminal.say(
          CodeExamples.of(document.blockSchema().blockType())
              .replace("BLOCK_NAME", document.name()));
      return 0;
    }
    if (format == Format.JSON) {
      return printJson(terminal, BlockJson.DOCUMENT.toJson(document));
    }
    Table table = new Table("FIELD", "VALUE");
    table.add("Block", document.reference());
    table.add("Block type", document.blockSchema().blockType().name());
    table.add("Block id", document.id());
    table.add("Created", Times.local(document.created()));
    table.add("Updated", Times.local(document.updated()));
    document
        .data()
        .forEach(
            (field, value) ->
                table.add(field, value instanceof String text ? text : Json.write(value)));
    table.print(terminal);
    return 0;
  }
}
