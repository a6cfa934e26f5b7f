package dev.sheave.cli.command;

import dev.sheave.api.WorkQueueApi;
import dev.sheave.api.WorkQueueApi.WorkQueueUpdate;
import dev.sheave.api.WorkQueueRecord;
import picocli.CommandLine.Parameters;

/** {@code sheave work-queue set-concurrency-limit}. */
@picocli.CommandLine.Command(
    description = "Limit how many runs of a work queue may be in progress at once.",
    footer = {"", "  $ sheave work-queue set-concurrency-limit test 3"})
final class WorkQueueSetLimit extends WorkQueueCommand {

  @Parameters(
      index = "1",
      paramLabel = "LIMIT",
      description = "How many runs; with 0, none is handed out.")
  int limit;

  @Override
  void check() {
    Limits.check("LIMIT", limit);
  }

  @Override
  String act(WorkQueueApi api, WorkQueueRecord queue) {
    api.updateWorkQueue(queue.id(), WorkQueueUpdate.NONE.withConcurrencyLimit(limit));
    return "Concurrency limit of " + limit + " set on work queue '" + queue.name() + "'";
  }
}
