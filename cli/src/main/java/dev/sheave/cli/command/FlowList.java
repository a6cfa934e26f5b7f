package dev.sheave.cli.command;

import dev.sheave.api.FlowRecord;
import dev.sheave.api.internal.DeploymentJson;
import dev.sheave.cli.terminal.Table;
import dev.sheave.cli.terminal.Terminal;
import java.util.List;
import picocli.CommandLine.Option;

/** {@code sheave flow ls}. */
@picocli.CommandLine.Command(
    description = "List the flows, newest first.",
    footer = {"", "  $ sheave flow ls --limit 50"})
final class FlowList extends ViewCommand {

  @Option(names = "--limit", paramLabel = "NUMBER", description = "How many at most. Default: 15.")
  int limit = 15;

  @Override
  public int run(Invocation invocation) {
    checkLimit(limit);
    Terminal terminal = invocation.terminal();
    List<FlowRecord> flows =
        readUpTo(limit, page -> invocation.sheave().api().deployments().listFlows(page));
    if (format == Format.JSON) {
      return printJson(terminal, DeploymentJson.FLOW.toJson(flows));
    }
    if (flows.isEmpty()) {
      terminal.complain("There are no flows yet; register one with 'sheave deployment build'.");
      return CommandRunner.OK;
    }
    Table table = new Table("ID", "NAME", "CREATED");
    flows.forEach(flow -> table.add(flow.id(), flow.name(), Times.local(flow.created())));
    table.print(terminal);
    return CommandRunner.OK;
  }
}
