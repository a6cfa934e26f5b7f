package dev.sheave.cli.command;

import dev.sheave.api.OrchestrationApi;
import dev.sheave.api.WorkPoolApi;
import dev.sheave.api.WorkPoolRecord;
import dev.sheave.cli.terminal.Terminal;
import picocli.CommandLine.Parameters;

/** A command that does one thing to one work pool, and says so. */
abstract class WorkPoolCommand extends Command {

  @Parameters(index = "0", paramLabel = "NAME", description = "The work pool's name.")
  String name = "";

  @Override
  public final int run(Invocation invocation) {
    check();
    OrchestrationApi api = invocation.sheave().api();
    String done = act(api.workPools(), NamedPool.read(api, name));
    Terminal terminal = invocation.terminal();
    terminal.say(terminal.in(Terminal.Colour.GOOD, done));
    return CommandRunner.OK;
  }

  /** Checks the other arguments before anything is read. */
  void check() {}

  /** Changes the pool, and returns the sentence that says so. */
  abstract String act(WorkPoolApi api, WorkPoolRecord pool);
}
