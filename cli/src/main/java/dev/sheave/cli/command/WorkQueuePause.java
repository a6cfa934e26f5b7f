package dev.sheave.cli.command;

import dev.sheave.api.WorkQueueApi;
import dev.sheave.api.WorkQueueApi.WorkQueueUpdate;
import dev.sheave.api.WorkQueueRecord;

/** {@code sheave work-queue pause}. */
@picocli.CommandLine.Command(
    description = "Let a work queue hand out no runs; those under way go on.",
    footer = {"", "  $ sheave work-queue pause test"})
final class WorkQueuePause extends WorkQueueCommand {

  @Override
  String act(WorkQueueApi api, WorkQueueRecord queue) {
    api.updateWorkQueue(queue.id(), WorkQueueUpdate.NONE.withPaused(true));
    return "Work queue '" + queue.name() + "' paused";
  }
}
