package dev.sheave.cli.command;

import dev.sheave.Sheave;
import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.BlockApi.BlockDocumentFilter;
import dev.sheave.api.BlockDocumentRecord;
import dev.sheave.api.BlockTypeRecord;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sheave block type delete}. */
@picocli.CommandLine.Command(
    description = "Delete a block type from the store; installed jars stay.",
    footer = {"", "  $ sheave block type delete my-type"})
final class BlockTypeDelete extends Command {
  private static final int NAMED = 5;

  @Parameters(paramLabel = "TYPE", description = "The type, such as s3.")
  String slug = "";

  @Option(names = "--force", description = "Also delete its blocks.")
  boolean force;

  @Override
  public int run(Invocation invocation) {
    Sheave sheave = invocation.sheave();
    BlockTypeRecord type = sheave.blocks().findType(slug).orElseThrow(() -> notRegistered(sheave));
    List<String> blocks =
        ViewCommand.readAll(
                page ->
                    sheave
                        .blocks()
                        .list(new BlockDocumentFilter(Set.of(slug), Set.of(), false), page))
            .stream()
            .map(BlockDocumentRecord::reference)
            .toList();
    if (!blocks.isEmpty() && !force && !type.isProtected()) {
      throw new SheaveException(
          Code.CONFLICT,
          "The block type '"
              + slug
              + "' still has "
              + (blocks.size() == 1 ? "a block" : blocks.size() + " blocks")
              + " ("
              + String.join(", ", blocks.subList(0, Math.min(NAMED, blocks.size())))
              + (blocks.size() > NAMED ? ", …" : "")
              + "); delete them first, or delete all with --force.");
    }
    sheave.api().blocks().deleteBlockType(type.id());
    invocation
        .terminal()
        .say(
            "Deleted block type '"
                + slug
                + "'"
                + (blocks.isEmpty() ? "." : ", and " + String.join(", ", blocks) + "."));
    return 0;
  }

  private SheaveException notRegistered(Sheave sheave) {
    return sheave.blocks().registry().find(slug).isEmpty()
        ? new KnownTypes(sheave).unknownType(slug)
        : new SheaveException(
            Code.NOT_FOUND,
            "The block type '" + slug + "' isn't in the store; there is nothing to delete.");
  }
}
