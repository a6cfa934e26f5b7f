package dev.sheave.cli.command;

import dev.sheave.api.WorkPoolApi;
import dev.sheave.api.WorkPoolApi.WorkPoolUpdate;
import dev.sheave.api.WorkPoolRecord;

/** {@code sheave work-pool resume}. */
@picocli.CommandLine.Command(
    description = "Resume a work pool, so that it hands out runs again.",
    footer = {"", "  $ sheave work-pool resume local"})
final class WorkPoolResume extends WorkPoolCommand {

  @Override
  String act(WorkPoolApi api, WorkPoolRecord pool) {
    api.updateWorkPool(pool.name(), WorkPoolUpdate.NONE.withPaused(false));
    return "Resumed work pool '" + pool.name() + "'";
  }
}
