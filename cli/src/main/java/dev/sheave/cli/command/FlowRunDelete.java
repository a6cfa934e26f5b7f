package dev.sheave.cli.command;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.FlowRunApi;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.StateType;
import dev.sheave.cli.terminal.Terminal;
import dev.sheave.cli.terminal.Terminal.Colour;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sheave flow-run delete}. */
@picocli.CommandLine.Command(
    description = "Delete a flow run with its states and log.",
    footer = {"", "  $ sheave flow-run delete 8f4ca508-df21-4f96-8147-0e34e2efcee8"})
final class FlowRunDelete extends Command {

  @Parameters(paramLabel = "ID", description = "The run's id.")
  String id = "";

  @Option(
      names = "--force",
      description = "Delete it even if it is in progress; its process isn't stopped.")
  boolean force;

  @Override
  public int run(Invocation invocation) {
    FlowRunApi api = invocation.sheave().api().flowRuns();
    FlowRunRecord run = FlowRunId.read(api, id);
    StateType state = run.state().type();
    boolean isUnderWay =
        state == StateType.PENDING || state == StateType.RUNNING || state == StateType.CANCELLING;
    if (isUnderWay && !force) {
      throw new SheaveException(
          Code.CONFLICT,
          "Flow run '"
              + run.id()
              + "' is "
              + run.state().name()
              + "; cancel it first with 'sheave flow-run cancel "
              + run.id()
              + "', or delete it with --force.");
    }
    api.deleteFlowRun(run.id());
    Terminal terminal = invocation.terminal();
    terminal.say(terminal.in(Colour.GOOD, "Successfully deleted flow run '" + run.id() + "'."));
    return CommandRunner.OK;
  }
}
