package dev.sheave.cli.command;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.BlockDocumentRecord;
import dev.sheave.block.Block;
import dev.sheave.block.BlockDraft;
import dev.sheave.block.BlockReference;
import dev.sheave.block.BlockSchema;
import dev.sheave.block.Blocks;
import dev.sheave.block.SaveMode;
import dev.sheave.cli.terminal.Terminal;
import dev.sheave.cli.terminal.Terminal.Colour;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Parameters;

/** {@code sheave block set}. */
@picocli.CommandLine.Command(
    description = "Change some values of a block; the others stay.",
    footer = {
      "",
      FieldAssignments.HELP,
      "",
      "  $ sheave block set s3/log-test region_name=eu-central-1 profile_name=null"
    })
final class BlockSet extends Command {

  @Parameters(
      index = "0",
      paramLabel = "TYPE/NAME",
      description = "The block, such as s3/log-test.")
  String reference = "";

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "FIELD=VALUE",
      description = "A field's new value; null clears the field.")
  List<String> assignments = new ArrayList<>();

  @Override
  public int run(Invocation invocation) {
    Terminal terminal = invocation.terminal();
    FieldAssignments given = FieldAssignments.parse("FIELD=VALUE", assignments);
    BlockReference parsed = BlockReference.parse(reference);
    Blocks blocks = invocation.sheave().blocks();
    Optional<Block> loaded = load(blocks);
    if (loaded.isPresent()) {
      // what it points to is read last: meanwhile somebody else may change the block
      Block changed = blocks.with(loaded.get(), given.values(terminal));
      given.warnOfSecrets(BlockSchema.of(changed.getClass()).secretFields(), terminal);
      blocks.save(changed, parsed.name(), SaveMode.OVERWRITE);
    } else {
      mend(blocks, given, terminal);
    }
    terminal.say(terminal.in(Colour.GOOD, "Updated block '" + reference + "'."));
    return 0;
  }

  /** Loads the block; returns nothing if it can't be loaded, or its type isn't here. */
  private Optional<Block> load(Blocks blocks) {
    try {
      return Optional.of(blocks.load(reference));
    } catch (SheaveException e) {
      if (e.code() == Code.INVALID || e.code() == Code.UNSUPPORTED) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** Changes a block that can't be loaded: its type isn't here, or a field is missing. */
  private void mend(Blocks blocks, FieldAssignments given, Terminal terminal) {
    BlockDocumentRecord document = blocks.document(reference);
    BlockDraft draft = blocks.draft(reference);
    for (Map.Entry<String, @Nullable Object> each : given.values(terminal).entrySet()) {
      draft = draft.with(each.getKey(), each.getValue());
    }
    given.warnOfSecrets(secretPlaces(document), terminal);
    draft.save();
    try {
      blocks.load(reference);
    } catch (SheaveException e) {
      if (e.code() == Code.INVALID) {
        terminal.complain(terminal.in(Colour.WARNING, "Warning: " + e.getMessage()));
      }
    }
  }

  private static List<String> secretPlaces(BlockDocumentRecord document) {
    return document.blockSchema().fields().get("secret_fields") instanceof List<?> places
        ? places.stream().map(String::valueOf).toList()
        : List.of();
  }
}
