package dev.sheave.cli.command;

import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.internal.FlowRunJson;
import dev.sheave.cli.terminal.Terminal;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code sheave flow-run inspect}. */
@picocli.CommandLine.Command(
    description = "Show a flow run.",
    footer = {"", "  $ sheave flow-run inspect 8f4ca508-df21-4f96-8147-0e34e2efcee8 -o json"})
final class FlowRunInspect extends ViewCommand {

  @Parameters(paramLabel = "ID", description = "The run's id.")
  String id = "";

  @Mixin WebPage page = new WebPage();

  @Override
  public int run(Invocation invocation) {
    Terminal terminal = invocation.terminal();
    FlowRunRecord run = FlowRunId.read(invocation.sheave().api().flowRuns(), id);
    if (page.isWanted) {
      return page.open(invocation, "runs", run.id().toString());
    }
    if (format == Format.JSON) {
      return printJson(terminal, FlowRunJson.RUN.toJson(run));
    }
    printFields(terminal, FlowRunJson.RUN.toJson(run));
    return CommandRunner.OK;
  }
}
