package dev.sheave.cli.command;

import dev.sheave.api.WorkPoolRecord;
import dev.sheave.api.internal.WorkQueueJson;
import dev.sheave.cli.terminal.Terminal;
import picocli.CommandLine.Parameters;

/** {@code sheave work-pool inspect}. */
@picocli.CommandLine.Command(
    description = "Show a work pool.",
    footer = {"", "  $ sheave work-pool inspect local -o json"})
final class WorkPoolInspect extends ViewCommand {

  @Parameters(paramLabel = "NAME", description = "The work pool's name.")
  String name = "";

  @Override
  public int run(Invocation invocation) {
    Terminal terminal = invocation.terminal();
    WorkPoolRecord pool = NamedPool.read(invocation.sheave().api(), name);
    if (format == Format.JSON) {
      return printJson(terminal, WorkQueueJson.POOL.toJson(pool));
    }
    printFields(terminal, WorkQueueJson.POOL.toJson(pool));
    return CommandRunner.OK;
  }
}
