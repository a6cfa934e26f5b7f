package dev.sheave.cli.command;

import dev.sheave.api.OrchestrationApi;
import dev.sheave.api.WorkQueueApi;
import dev.sheave.api.WorkQueueRecord;
import dev.sheave.cli.terminal.Terminal;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A command that does one thing to one work queue, and says so. */
abstract class WorkQueueCommand extends Command {

  @Parameters(index = "0", paramLabel = "NAME", description = "The work queue's name.")
  String name = "";

  @Option(
      names = {"-p", "--pool"},
      paramLabel = "POOL",
      description = "The work pool that the queue is in. Default: default-agent-pool.")
  @Nullable String pool;

  @Override
  public final int run(Invocation invocation) {
    check();
    OrchestrationApi api = invocation.sheave().api();
    String done = act(api.workQueues(), NamedQueue.read(api, pool, name));
    Terminal terminal = invocation.terminal();
    terminal.say(terminal.in(Terminal.Colour.GOOD, done));
    return CommandRunner.OK;
  }

  /** Checks the other arguments before anything is read. */
  void check() {}

  /** Changes the queue, and returns the sentence that says so. */
  abstract String act(WorkQueueApi api, WorkQueueRecord queue);
}
