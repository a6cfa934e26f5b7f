package dev.sheave.cli.command;

import dev.sheave.api.Feature;
import dev.sheave.api.OrchestrationApi;
import dev.sheave.api.WorkQueueRecord;
import dev.sheave.api.internal.WorkQueueJson;
import dev.sheave.cli.terminal.Terminal;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;

/** {@code sheave work-queue inspect}. */
@picocli.CommandLine.Command(
    description = "Show a work queue.",
    footer = {"", "  $ sheave work-queue inspect test -o json"})
final class WorkQueueInspect extends ViewCommand {

  @Mixin NamedQueue named = new NamedQueue();

  @Mixin WebPage page = new WebPage();

  @Override
  public int run(Invocation invocation) {
    Terminal terminal = invocation.terminal();
    OrchestrationApi api = invocation.sheave().api();
    WorkQueueRecord queue = named.read(api);
    if (page.isWanted) {
      return page.open(invocation, "pools");
    }
    Map<String, @Nullable Object> fields = WorkQueueJson.QUEUE.toJson(queue);
    if (api.features().contains(Feature.AGENTS)) {
      fields.put("wait_reason", api.workQueues().readWaitReason(queue.id()).orElse(null));
    }
    if (format == Format.JSON) {
      return printJson(terminal, fields);
    }
    printFields(terminal, fields);
    return CommandRunner.OK;
  }
}
