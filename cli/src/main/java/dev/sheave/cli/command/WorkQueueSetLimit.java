package dev.sheave.cli.command;

import dev.sheave.api.WorkQueueApi;
import dev.sheave.api.WorkQueueApi.WorkQueueUpdate;
import dev.sheave.api.WorkQueueRecord;
import picocli.CommandLine.Mixin;

/** {@code sheave work-queue set-concurrency-limit}. */
@picocli.CommandLine.Command(
    description = "Limit how many runs of a work queue may be in progress at once.",
    footer = {"", "  $ sheave work-queue set-concurrency-limit test 3"})
final class WorkQueueSetLimit extends WorkQueueCommand {

  @Mixin RunLimit limit = new RunLimit();

  @Override
  void check() {
    limit.check();
  }

  @Override
  String act(WorkQueueApi api, WorkQueueRecord queue) {
    api.updateWorkQueue(queue.id(), WorkQueueUpdate.NONE.withConcurrencyLimit(limit.runs));
    return "Concurrency limit of " + limit.runs + " set on work queue '" + queue.name() + "'";
  }
}
