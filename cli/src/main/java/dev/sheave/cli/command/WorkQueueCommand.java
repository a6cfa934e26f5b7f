package dev.sheave.cli.command;

import dev.sheave.api.WorkQueueApi;
import dev.sheave.api.WorkQueueRecord;
import dev.sheave.cli.terminal.Terminal;
import picocli.CommandLine.Parameters;

/** A command that does one thing to one work queue, and says so. */
abstract class WorkQueueCommand extends Command {

  @Parameters(index = "0", paramLabel = "NAME", description = "The work queue's name.")
  String name = "";

  @Override
  public final int run(Invocation invocation) {
    check();
    WorkQueueApi api = invocation.sheave().api().workQueues();
    String done = act(api, NamedQueue.read(api, name));
    Terminal terminal = invocation.terminal();
    terminal.say(terminal.in(Terminal.Colour.GOOD, done));
    return CommandRunner.OK;
  }

  /** Checks the other arguments before anything is read. */
  void check() {}

  /** Changes the queue, and returns the sentence that says so. */
  abstract String act(WorkQueueApi api, WorkQueueRecord queue);
}
