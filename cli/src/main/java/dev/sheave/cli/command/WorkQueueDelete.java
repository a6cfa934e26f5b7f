package dev.sheave.cli.command;

import dev.sheave.api.DeploymentApi.DeploymentSort;
import dev.sheave.api.DeploymentFilter;
import dev.sheave.api.DeploymentRecord;
import dev.sheave.api.FieldMatch;
import dev.sheave.api.OrchestrationApi;
import dev.sheave.api.Page;
import dev.sheave.api.RecordFilter;
import dev.sheave.api.WorkQueueApi;
import dev.sheave.api.WorkQueueRecord;
import dev.sheave.cli.terminal.Terminal;
import dev.sheave.cli.terminal.Terminal.Colour;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Mixin;

/** {@code sheave work-queue delete}. */
@picocli.CommandLine.Command(
    description = "Delete a work queue; its waiting runs stay, without a queue.",
    footer = {"", "  $ sheave work-queue delete test"})
final class WorkQueueDelete extends Command {
  @Mixin NamedQueue named = new NamedQueue();

  @Override
  public int run(Invocation invocation) {
    OrchestrationApi api = invocation.sheave().api();
    Terminal terminal = invocation.terminal();
    WorkQueueRecord queue = named.read(api);
    List<String> users = deployments(api, queue);
    api.workQueues().deleteWorkQueue(queue.id());
    terminal.say(
        terminal.in(Colour.GOOD, "Successfully deleted work queue '" + queue.name() + "'"));
    if (!users.isEmpty()) {
      terminal.complain(
          terminal.in(
              Colour.WARNING,
              "No agent takes the runs of these deployments, which are in no work queue now: "
                  + String.join(", ", users)
                  + ". Apply them again, and the queue that they name is created."));
    }
    return CommandRunner.OK;
  }

  private static List<String> deployments(OrchestrationApi api, WorkQueueRecord queue) {
    RecordFilter filter =
        RecordFilter.builder()
            .deployments(
                DeploymentFilter.builder()
                    .workQueueName(FieldMatch.anyOf(Set.of(queue.name())))
                    .build())
            .build();
    return api.deployments().listDeployments(filter, DeploymentSort.NAME_ASC, Page.FIRST).stream()
        .filter(each -> queue.workPoolName().equals(pool(each)))
        .map(DeploymentRecord::fullName)
        .toList();
  }

  private static String pool(DeploymentRecord deployment) {
    return Optional.ofNullable(deployment.spec().workPoolName()).orElse(WorkQueueApi.DEFAULT_POOL);
  }
}
