package dev.sheave.cli.command;

import dev.sheave.api.WorkQueueApi;
import dev.sheave.api.WorkQueueApi.WorkQueueUpdate;
import dev.sheave.api.WorkQueueRecord;

/** {@code sheave work-queue clear-concurrency-limit}. */
@picocli.CommandLine.Command(
    description = "Remove the concurrency limit of a work queue.",
    footer = {"", "  $ sheave work-queue clear-concurrency-limit test"})
final class WorkQueueClearLimit extends WorkQueueCommand {

  @Override
  String act(WorkQueueApi api, WorkQueueRecord queue) {
    api.updateWorkQueue(queue.id(), WorkQueueUpdate.NONE.withConcurrencyLimit(null));
    return "Concurrency limits removed on work queue '" + queue.name() + "'";
  }
}
