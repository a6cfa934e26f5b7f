package dev.sheave.cli.command;

import dev.sheave.api.NewWorkQueue;
import dev.sheave.api.OrchestrationApi;
import dev.sheave.api.WorkQueueApi.WorkQueueUpdate;
import dev.sheave.api.WorkQueueRecord;
import dev.sheave.cli.terminal.Terminal;
import dev.sheave.cli.terminal.Terminal.Colour;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sheave work-queue create}. */
@picocli.CommandLine.Command(
    description =
        "Create a work queue. Deployments and agents also create the work queues that they name.",
    footer = {"", "  $ sheave work-queue create test --limit 3"})
final class WorkQueueCreate extends Command {

  @Parameters(paramLabel = "NAME", description = "The new work queue's name.")
  String name = "";

  @Option(
      names = {"-l", "--limit"},
      paramLabel = "NUMBER",
      description = "How many of its runs may be in progress at once. Default: no limit.")
  @Nullable Integer limit;

  @Option(
      names = {"-q", "--priority"},
      paramLabel = "NUMBER",
      description = "Its priority; 1 is the highest. Default: after the others.")
  @Nullable Integer priority;

  @Option(
      names = {"-d", "--description"},
      paramLabel = "TEXT",
      description = "A description of the queue.")
  @Nullable String description;

  @Option(
      names = {"-p", "--pool"},
      paramLabel = "POOL",
      description = "The work pool that the queue is in. Default: default-agent-pool.")
  @Nullable String pool;

  @Override
  public int run(Invocation invocation) {
    Limits.check("--limit", limit);
    if (priority != null && priority < 1) {
      throw new UsageException("--priority must be 1 or more, not " + priority + ".");
    }
    WorkQueueRecord queue = create(invocation.sheave().api());
    Terminal terminal = invocation.terminal();
    terminal.say(terminal.in(Colour.GOOD, "Created work queue with properties:"));
    terminal.say("    name - '" + queue.name() + "'");
    terminal.say("    work pool - '" + queue.workPoolName() + "'");
    terminal.say("    id - " + queue.id());
    terminal.say("    concurrency limit - " + (limit == null ? "None" : limit));
    terminal.say("Start an agent to pick up flow runs from the work queue:");
    terminal.say("    sheave agent start -q '" + queue.name() + "'" + inPool());
    terminal.say("");
    terminal.say("Inspect the work queue:");
    terminal.say("    sheave work-queue inspect '" + queue.name() + "'" + inPool());
    return CommandRunner.OK;
  }

  private WorkQueueRecord create(OrchestrationApi api) {
    if (pool != null) {
      return api.workPools()
          .createWorkQueue(
              NamedPool.read(api, pool).name(),
              NewWorkQueue.builder(name)
                  .description(description)
                  .concurrencyLimit(limit)
                  .priority(priority)
                  .build());
    }
    WorkQueueRecord queue = api.workQueues().createWorkQueue(name, description, limit);
    if (priority != null) {
      api.workQueues().updateWorkQueue(queue.id(), WorkQueueUpdate.NONE.withPriority(priority));
    }
    return queue;
  }

  private String inPool() {
    return pool == null ? "" : " -p '" + pool + "'";
  }
}
