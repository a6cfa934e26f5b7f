package dev.sheave.cli.command;

import dev.sheave.api.WorkPoolApi;
import dev.sheave.api.WorkPoolFilter;
import dev.sheave.api.WorkPoolRecord;
import dev.sheave.api.internal.WorkQueueJson;
import dev.sheave.cli.terminal.Table;
import dev.sheave.cli.terminal.Terminal;
import java.util.Comparator;
import java.util.List;

/** {@code sheave work-pool ls}. */
@picocli.CommandLine.Command(
    description = "List the work pools, newest first.",
    footer = {"", "  $ sheave work-pool ls"})
final class WorkPoolList extends ViewCommand {

  @Override
  public int run(Invocation invocation) {
    Terminal terminal = invocation.terminal();
    WorkPoolApi api = invocation.sheave().api().workPools();
    List<WorkPoolRecord> pools =
        readAll(page -> api.listWorkPools(WorkPoolFilter.ALL, page)).stream()
            .sorted(Comparator.comparing(WorkPoolRecord::created).reversed())
            .toList();
    if (format == Format.JSON) {
      return printJson(terminal, WorkQueueJson.POOL.toJson(pools));
    }
    Table table = new Table("NAME", "TYPE", "ID", "CONCURRENCY LIMIT", "STATUS");
    for (WorkPoolRecord pool : pools) {
      Object limit = pool.concurrencyLimit();
      table.add(
          pool.name(),
          pool.type(),
          pool.id(),
          limit == null ? "None" : limit,
          pool.isPaused() ? "paused" : "ready");
    }
    table.print(terminal);
    return CommandRunner.OK;
  }
}
