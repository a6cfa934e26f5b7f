package dev.sheave.cli.command;

import dev.sheave.api.WorkQueueRecord;
import dev.sheave.api.internal.WorkQueueJson;
import dev.sheave.cli.terminal.Terminal;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code sheave work-queue inspect}. */
@picocli.CommandLine.Command(
    description = "Show a work queue.",
    footer = {"", "  $ sheave work-queue inspect test -o json"})
final class WorkQueueInspect extends ViewCommand {

  @Parameters(paramLabel = "NAME", description = "The work queue's name.")
  String name = "";

  @Mixin WebPage page = new WebPage();

  @Override
  public int run(Invocation invocation) {
    Terminal terminal = invocation.terminal();
    WorkQueueRecord queue = NamedQueue.read(invocation.sheave().api().workQueues(), name);
    if (page.isWanted) {
      return page.open(invocation, "pools");
    }
    if (format == Format.JSON) {
      return printJson(terminal, WorkQueueJson.QUEUE.toJson(queue));
    }
    printFields(terminal, WorkQueueJson.QUEUE.toJson(queue));
    return CommandRunner.OK;
  }
}
