package dev.sheave.cli.command;

import dev.sheave.api.FlowRunRecord;
import dev.sheave.cli.terminal.Table;
import dev.sheave.cli.terminal.Terminal;
import dev.sheave.internal.Json;
import picocli.CommandLine.Parameters;

/** {@code sheave flow-run inspect}. */
@picocli.CommandLine.Command(description = "Show a flow run.")
final class FlowRunInspect extends ViewCommand {

  @Parameters(paramLabel = "ID", description = "The run's id.")
  String id = "";

  @Override
  public int run(Invocation invocation) {
    Terminal terminal = invocation.terminal();
    FlowRunRecord run = invocation.sheave().api().flowRuns().readFlowRun(FlowRunId.parse(id));
    if (format == Format.JSON) {
      return printJson(terminal, Wire.flowRun(run));
    }
    Table table = new Table("FIELD", "VALUE");
    Wire.flowRun(run)
        .forEach(
            (field, value) ->
                table.add(
                    field, value == null || value instanceof String ? value : Json.write(value)));
    table.print(terminal);
    return 0;
  }
}
