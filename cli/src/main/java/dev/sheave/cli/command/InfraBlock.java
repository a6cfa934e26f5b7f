package dev.sheave.cli.command;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.agent.StandingRuns;
import dev.sheave.agent.StandingRuns.Entry;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.block.Block;
import dev.sheave.block.Blocks;
import dev.sheave.infrastructure.Infrastructure;
import java.util.UUID;
import picocli.CommandLine.Parameters;

/** The infrastructure that a command looks at. */
final class InfraBlock {

  @Parameters(
      index = "0",
      paramLabel = "TYPE[/NAME]",
      description =
          "The infrastructure: a saved block, such as docker-container/big, or a type with its"
              + " defaults, such as process.")
  String reference = "";

  /** What stands there. */
  StandingRuns open(Invocation invocation) {
    Blocks blocks = invocation.sheave().blocks();
    Block block =
        reference.contains("/")
            ? blocks.load(reference)
            : InfraType.withDefaults(blocks, reference);
    if (block instanceof Infrastructure infrastructure) {
      return new StandingRuns(invocation.sheave(), infrastructure);
    }
    throw new SheaveException(
        Code.INVALID, "The block '" + block.displayName() + "' isn't infrastructure.");
  }

  /** Reads the id of a run, whose record may be gone. */
  static UUID run(String id) {
    try {
      return UUID.fromString(id);
    } catch (IllegalArgumentException e) {
      throw new SheaveException(
          Code.INVALID, "'" + id + "' isn't the id of a flow run; 'sheave infra ls' shows them.");
    }
  }

  /** The run's state, as people see it. */
  static String state(Entry entry) {
    return entry.run().map(FlowRunRecord::state).map(state -> state.name()).orElse("deleted");
  }
}
