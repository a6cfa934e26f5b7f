package dev.sheave.cli.command;

import dev.sheave.api.OrchestrationApi;
import dev.sheave.api.WorkQueueApi;
import dev.sheave.api.WorkQueueRecord;
import dev.sheave.cli.terminal.Terminal;
import picocli.CommandLine.Mixin;

/** A command that does one thing to one work queue, and says so. */
abstract class WorkQueueCommand extends Command {

  @Mixin NamedQueue named = new NamedQueue();

  @Override
  public final int run(Invocation invocation) {
    check();
    OrchestrationApi api = invocation.sheave().api();
    String done = act(api.workQueues(), named.read(api));
    Terminal terminal = invocation.terminal();
    terminal.say(terminal.in(Terminal.Colour.GOOD, done));
    return CommandRunner.OK;
  }

  /** Checks the other arguments before anything is read. */
  void check() {}

  /** Changes the queue, and returns the sentence that says so. */
  abstract String act(WorkQueueApi api, WorkQueueRecord queue);
}
