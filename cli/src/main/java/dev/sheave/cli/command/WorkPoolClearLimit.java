package dev.sheave.cli.command;

import dev.sheave.api.WorkPoolApi;
import dev.sheave.api.WorkPoolApi.WorkPoolUpdate;
import dev.sheave.api.WorkPoolRecord;

/** {@code sheave work-pool clear-concurrency-limit}. */
@picocli.CommandLine.Command(
    description = "Remove the concurrency limit of a work pool.",
    footer = {"", "  $ sheave work-pool clear-concurrency-limit local"})
final class WorkPoolClearLimit extends WorkPoolCommand {

  @Override
  String act(WorkPoolApi api, WorkPoolRecord pool) {
    api.updateWorkPool(pool.name(), WorkPoolUpdate.NONE.withConcurrencyLimit(null));
    return "Cleared concurrency limit for work pool '" + pool.name() + "'";
  }
}
