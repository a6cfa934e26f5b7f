package dev.sheave.cli.command;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.FlowRunApi;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.State;
import dev.sheave.api.StateTransition;
import dev.sheave.api.StateType;
import dev.sheave.cli.terminal.Terminal;
import dev.sheave.cli.terminal.Terminal.Colour;
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
    StateTransition answer = api.setFlowRunState(run.id(), State.of(StateType.CANCELLING), false);
    StateType now = answer.state().type();
    boolean wasOver = run.state().isTerminal();
    if (wasOver || (now != StateType.CANCELLING && now != StateType.CANCELLED)) {
      throw new SheaveException(
          Code.CONFLICT,
          "Flow run '"
              + run.id()
              + "' was unable to be cancelled. Reason: '"
              + (answer.reason() == null ? "it is " + answer.state().name() : answer.reason())
              + "'");
    }
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
