package dev.sheave.cli.command;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.BlockTypeRecord;
import dev.sheave.block.BlockTypeDescriptor;
import dev.sheave.block.Blocks;
import dev.sheave.cli.terminal.Table;
import dev.sheave.cli.terminal.Terminal;
import dev.sheave.internal.Suggestions;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import picocli.CommandLine.Parameters;

/** {@code sheave block register}. */
@picocli.CommandLine.Command(
    description = "Register the block types found here, with their latest descriptions.",
    footer = {"", "  $ sheave block register s3"})
final class BlockRegister extends Command {

  @Parameters(
      arity = "0..*",
      paramLabel = "TYPE",
      description = "The types to register. Default: all types found here.")
  List<String> types = new ArrayList<>();

  @Override
  public int run(Invocation invocation) {
    Terminal terminal = invocation.terminal();
    new KnownTypes(invocation.sheave()).warnOfProblems(terminal);
    Blocks blocks = invocation.sheave().blocks();
    for (String type : types) {
      if (blocks.registry().find(type).isEmpty()) {
        List<String> known =
            blocks.registry().types().stream().map(BlockTypeDescriptor::slug).toList();
        throw new SheaveException(
            Code.NOT_FOUND,
            "The block type '" + type + "' wasn't found here." + Suggestions.hint(type, known));
      }
    }
    List<BlockTypeRecord> registered = blocks.register(new LinkedHashSet<>(types));
    terminal.say(
        "Successfully registered "
            + registered.size()
            + (registered.size() == 1 ? " block type" : " block types"));
    terminal.say("");
    Table table = new Table("TYPE", "NAME");
    registered.forEach(type -> table.add(type.slug(), type.name()));
    table.print(terminal);
    return 0;
  }
}
