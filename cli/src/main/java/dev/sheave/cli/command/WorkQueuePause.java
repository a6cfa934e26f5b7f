package dev.sheave.cli.command;

import dev.sheave.api.WorkQueueApi;
import dev.sheave.api.WorkQueueApi.WorkQueueUpdate;
import dev.sheave.api.WorkQueueRecord;

/** {@code sheave work-queue pause}. */
@picocli.CommandLine.Command(
    description = "Pause a work queue, so that it hands out no runs; those in progress continue.",
    footer = {"", "  $ sheave work-queue pause test"})
final class WorkQueuePause extends WorkQueueCommand {

  @Override
  String act(WorkQueueApi api, WorkQueueRecord queue) {
    api.updateWorkQueue(queue.id(), WorkQueueUpdate.NONE.withPaused(true));
    return "Work queue '" + queue.name() + "' paused";
  }
}
