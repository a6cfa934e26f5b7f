package dev.sheave.cli.command;

import dev.sheave.api.FieldMatch;
import dev.sheave.api.OrchestrationApi;
import dev.sheave.api.Page;
import dev.sheave.api.WorkQueueFilter;
import dev.sheave.api.WorkQueueRecord;
import dev.sheave.api.internal.WorkQueueJson;
import dev.sheave.cli.terminal.Table;
import dev.sheave.cli.terminal.Terminal;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
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

  @Option(
      names = {"-p", "--pool"},
      paramLabel = "POOL",
      description = "Only queues of this work pool.")
  @Nullable String pool;

  @Override
  public int run(Invocation invocation) {
    Terminal terminal = invocation.terminal();
    OrchestrationApi api = invocation.sheave().api();
    List<WorkQueueRecord> queues =
        readAll(page -> list(api, page)).stream()
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

  private List<WorkQueueRecord> list(OrchestrationApi api, Page page) {
    if (pool == null) {
      return api.workQueues().listWorkQueues(prefix, page);
    }
    WorkQueueFilter filter =
        WorkQueueFilter.ALL.toBuilder().name(FieldMatch.startsWith(Set.of(prefix))).build();
    return api.workPools().listWorkQueues(NamedPool.read(api, pool).name(), filter, page);
  }
}
