package dev.sheave.cli.command;

import dev.sheave.api.WorkPoolApi;
import dev.sheave.api.WorkPoolApi.WorkPoolUpdate;
import dev.sheave.api.WorkPoolRecord;
import picocli.CommandLine.Mixin;

/** {@code sheave work-pool set-concurrency-limit}. */
@picocli.CommandLine.Command(
    description = "Limit how many runs of a work pool may be in progress at once.",
    footer = {"", "  $ sheave work-pool set-concurrency-limit local 3"})
final class WorkPoolSetLimit extends WorkPoolCommand {

  @Mixin RunLimit limit = new RunLimit();

  @Override
  void check() {
    limit.check();
  }

  @Override
  String act(WorkPoolApi api, WorkPoolRecord pool) {
    api.updateWorkPool(pool.name(), WorkPoolUpdate.NONE.withConcurrencyLimit(limit.runs));
    return "Set concurrency limit for work pool '" + pool.name() + "' to " + limit.runs;
  }
}
