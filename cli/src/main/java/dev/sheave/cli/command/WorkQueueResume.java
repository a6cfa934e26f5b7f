package dev.sheave.cli.command;

import dev.sheave.api.WorkQueueApi;
import dev.sheave.api.WorkQueueApi.WorkQueueUpdate;
import dev.sheave.api.WorkQueueRecord;

/** {@code sheave work-queue resume}. */
@picocli.CommandLine.Command(
    description = "Resume a work queue, so that it hands out runs again.",
    footer = {"", "  $ sheave work-queue resume test"})
final class WorkQueueResume extends WorkQueueCommand {

  @Override
  String act(WorkQueueApi api, WorkQueueRecord queue) {
    api.updateWorkQueue(queue.id(), WorkQueueUpdate.NONE.withPaused(false));
    return "Work queue '" + queue.name() + "' resumed";
  }
}
