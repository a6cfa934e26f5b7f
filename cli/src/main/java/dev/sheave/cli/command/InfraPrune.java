package dev.sheave.cli.command;

import dev.sheave.agent.StandingRuns.Entry;
import dev.sheave.cli.terminal.Table;
import dev.sheave.cli.terminal.Terminal;
import java.util.List;
import picocli.CommandLine.Mixin;

/** {@code sheave infra prune}. */
@picocli.CommandLine.Command(
    description =
        "End and remove what no run goes on with: what stands of runs that were deleted, have ended,"
            + " or go on with a later attempt.",
    footer = {
      "",
      "Runs of other stores, and what Sheave hasn't started, are left alone. So is what stands of runs"
          + " that ended less than a minute ago, which their agents remove.",
      "",
      "  $ sheave infra prune docker-container"
    })
final class InfraPrune extends Command {

  @Mixin InfraBlock infra = new InfraBlock();

  @Override
  public int run(Invocation invocation) {
    Terminal terminal = invocation.terminal();
    List<Entry> removed = infra.open(invocation).prune();
    if (removed.isEmpty()) {
      terminal.say("There was nothing to remove.");
      return CommandRunner.OK;
    }
    Table table = new Table("REMOVED", "ATTEMPT", "STATE", "PID");
    for (Entry each : removed) {
      table.add(
          each.standing().flowRunId(),
          each.standing().attempt(),
          InfraBlock.state(each),
          each.standing().pid());
    }
    table.print(terminal);
    return CommandRunner.OK;
  }
}
