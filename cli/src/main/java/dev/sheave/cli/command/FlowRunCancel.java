package dev.sheave.cli.command;

import dev.sheave.api.FlowRunApi;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.StateType;
import dev.sheave.cli.terminal.Terminal;
import dev.sheave.cli.terminal.Terminal.Colour;
import dev.sheave.deployment.FlowRunHandle;
import picocli.CommandLine.Parameters;

/** {@code sheave flow-run cancel}. */
@picocli.CommandLine.Command(
    description = "Cancel a flow run; if it is in progress, its agent stops it.",
    footer = {"", "  $ sheave flow-run cancel 8f4ca508-df21-4f96-8147-0e34e2efcee8"})
final class FlowRunCancel extends Command {

  @Parameters(paramLabel = "ID", description = "The run's id.")
  String id = "";

  @Override
  public int run(Invocation invocation) {
    FlowRunApi api = invocation.sheave().api().flowRuns();
    FlowRunRecord run = FlowRunId.read(api, id);
    StateType now = new FlowRunHandle(api, run).cancel().type();
    Terminal terminal = invocation.terminal();
    terminal.say(
        terminal.in(
            Colour.GOOD,
            "Flow run '"
                + run.id()
                + (now == StateType.CANCELLED
                    ? "' was cancelled."
                    : "' was successfully scheduled for cancellation.")));
    return CommandRunner.OK;
  }
}
