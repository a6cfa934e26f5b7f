package dev.sheave.cli.command;

import dev.sheave.api.WorkPoolApi;
import dev.sheave.api.WorkPoolRecord;

/** {@code sheave work-pool delete}. */
@picocli.CommandLine.Command(
    description =
        "Delete a work pool with its queues; runs that wait in them stay, without a queue.",
    footer = {"", "  $ sheave work-pool delete local"})
final class WorkPoolDelete extends WorkPoolCommand {

  @Override
  String act(WorkPoolApi api, WorkPoolRecord pool) {
    api.deleteWorkPool(pool.name());
    return "Deleted work pool '" + pool.name() + "'";
  }
}
