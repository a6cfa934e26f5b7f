package dev.sheave.cli.command;

import dev.sheave.api.WorkQueueApi;
import dev.sheave.api.WorkQueueRecord;

/** {@code sheave work-queue delete}. */
@picocli.CommandLine.Command(
    description = "Delete a work queue; its waiting runs stay, without a queue.",
    footer = {"", "  $ sheave work-queue delete test"})
final class WorkQueueDelete extends WorkQueueCommand {

  @Override
  String act(WorkQueueApi api, WorkQueueRecord queue) {
    api.deleteWorkQueue(queue.id());
    return "Successfully deleted work queue '" + queue.name() + "'";
  }
}
