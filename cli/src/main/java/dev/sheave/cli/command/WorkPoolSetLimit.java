package dev.sheave.cli.command;

import dev.sheave.api.WorkPoolApi;
import dev.sheave.api.WorkPoolApi.WorkPoolUpdate;
import dev.sheave.api.WorkPoolRecord;
import picocli.CommandLine.Parameters;

/** {@code sheave work-pool set-concurrency-limit}. */
@picocli.CommandLine.Command(
    description = "Limit how many runs of a work pool may be in progress at once.",
    footer = {"", "  $ sheave work-pool set-concurrency-limit local 3"})
final class WorkPoolSetLimit extends WorkPoolCommand {

  @Parameters(
      index = "1",
      paramLabel = "LIMIT",
      description = "How many runs; with 0, none is handed out.")
  int limit;

  @Override
  void check() {
    Limits.check("LIMIT", limit);
  }

  @Override
  String act(WorkPoolApi api, WorkPoolRecord pool) {
    api.updateWorkPool(pool.name(), WorkPoolUpdate.NONE.withConcurrencyLimit(limit));
    return "Set concurrency limit for work pool '" + pool.name() + "' to " + limit;
  }
}
