package dev.sheave.cli.command;

import dev.sheave.api.DeploymentApi;
import dev.sheave.api.DeploymentRecord;
import dev.sheave.api.internal.DeploymentJson;
import dev.sheave.cli.terminal.Table;
import dev.sheave.cli.terminal.Terminal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Option;

/** {@code sheave deployment ls}. */
@picocli.CommandLine.Command(
    description = "List the deployments, newest first.",
    footer = {"", "  $ sheave deployment ls --flow-name log-flow"})
final class DeploymentList extends ViewCommand {

  @Option(
      names = "--flow-name",
      paramLabel = "FLOW",
      description = "Only deployments of this flow; may be repeated.")
  List<String> flowNames = new ArrayList<>();

  @Override
  public int run(Invocation invocation) {
    Terminal terminal = invocation.terminal();
    DeploymentApi api = invocation.sheave().api().deployments();
    Set<String> flows = new LinkedHashSet<>(flowNames);
    List<DeploymentRecord> deployments = readAll(page -> api.listDeployments(flows, page));
    if (format == Format.JSON) {
      return printJson(terminal, DeploymentJson.DEPLOYMENT.toJson(deployments));
    }
    if (deployments.isEmpty()) {
      terminal.complain(
          "There are no deployments"
              + (flows.isEmpty()
                  ? " yet; create one with 'sheave deployment build'."
                  : " of these flows."));
      return 0;
    }
    Table table = new Table("NAME", "ID", "WORK QUEUE");
    for (DeploymentRecord deployment : deployments) {
      table.add(deployment.fullName(), deployment.id(), deployment.spec().workQueueName());
    }
    table.print(terminal);
    return 0;
  }
}
