package dev.sheave.cli.command;

import dev.sheave.api.WorkQueueApi;
import dev.sheave.api.WorkQueueRecord;
import dev.sheave.api.internal.WorkQueueJson;
import dev.sheave.cli.terminal.Table;
import dev.sheave.cli.terminal.Terminal;
import java.util.Comparator;
import java.util.List;
import picocli.CommandLine.Option;

/** {@code sheave work-queue ls}. */
@picocli.CommandLine.Command(
    description = "List the work queues, newest first.",
    footer = {"", "  $ sheave work-queue ls --match nightly-"})
final class WorkQueueList extends ViewCommand {

  @Option(
      names = {"-m", "--match"},
      paramLabel = "PREFIX",
      description = "Only queues whose names start with this.")
  String prefix = "";

  @Override
  public int run(Invocation invocation) {
    Terminal terminal = invocation.terminal();
    WorkQueueApi api = invocation.sheave().api().workQueues();
    List<WorkQueueRecord> queues =
        readAll(page -> api.listWorkQueues(prefix, page)).stream()
            .sorted(Comparator.comparing(WorkQueueRecord::created).reversed())
            .toList();
    if (format == Format.JSON) {
      return printJson(terminal, WorkQueueJson.QUEUE.toJson(queues));
    }
    if (queues.isEmpty()) {
      terminal.complain(
          "There are no work queues"
              + (prefix.isEmpty()
                  ? " yet; deployments and agents create those that they name."
                  : " whose names start with '" + prefix + "'."));
      return CommandRunner.OK;
    }
    Table table = new Table("NAME", "POOL", "ID", "CONCURRENCY LIMIT", "STATUS");
    for (WorkQueueRecord queue : queues) {
      Object limit = queue.concurrencyLimit();
      table.add(
          queue.name(),
          queue.workPoolName(),
          queue.id(),
          limit == null ? "None" : limit,
          queue.isPaused() ? "paused" : "ready");
    }
    table.print(terminal);
    return CommandRunner.OK;
  }
}
