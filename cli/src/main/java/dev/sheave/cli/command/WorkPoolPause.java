package dev.sheave.cli.command;

import dev.sheave.api.WorkPoolApi;
import dev.sheave.api.WorkPoolApi.WorkPoolUpdate;
import dev.sheave.api.WorkPoolRecord;

/** {@code sheave work-pool pause}. */
@picocli.CommandLine.Command(
    description = "Pause a work pool, so that it hands out no runs; those in progress continue.",
    footer = {"", "  $ sheave work-pool pause local"})
final class WorkPoolPause extends WorkPoolCommand {

  @Override
  String act(WorkPoolApi api, WorkPoolRecord pool) {
    api.updateWorkPool(pool.name(), WorkPoolUpdate.NONE.withPaused(true));
    return "Paused work pool '" + pool.name() + "'";
  }
}
