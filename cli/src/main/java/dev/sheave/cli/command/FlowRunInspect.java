package dev.sheave.cli.command;

import dev.sheave.api.Feature;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.OrchestrationApi;
import dev.sheave.api.StateType;
import dev.sheave.api.internal.FlowRunJson;
import dev.sheave.cli.terminal.Terminal;
import java.util.Map;
import org.jspecify.annotations.Nullable;
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
    OrchestrationApi api = invocation.sheave().api();
    FlowRunRecord run = FlowRunId.read(api.flowRuns(), id);
    if (page.isWanted) {
      return page.open(invocation, "runs", run.id().toString());
    }
    Map<String, @Nullable Object> fields = FlowRunJson.RUN.toJson(run);
    if (run.state().type() == StateType.SCHEDULED && api.features().contains(Feature.AGENTS)) {
      fields.put("wait_reason", api.flowRuns().readWaitReason(run.id()).orElse(null));
    }
    if (format == Format.JSON) {
      return printJson(terminal, fields);
    }
    printFields(terminal, fields);
    return CommandRunner.OK;
  }
}
