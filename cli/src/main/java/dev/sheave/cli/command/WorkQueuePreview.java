package dev.sheave.cli.command;

import dev.sheave.api.FlowRunApi;
import dev.sheave.api.FlowRunApi.FlowRunSort;
import dev.sheave.api.FlowRunFilter;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.StateType;
import dev.sheave.api.WorkQueueRecord;
import dev.sheave.api.internal.FlowRunJson;
import dev.sheave.cli.terminal.Table;
import dev.sheave.cli.terminal.Terminal;
import dev.sheave.cli.terminal.Terminal.Colour;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sheave work-queue preview}. */
@picocli.CommandLine.Command(
    description = "Show the runs that wait in a work queue, the next one first.",
    footer = {"", "  $ sheave work-queue preview test --hours 24"})
final class WorkQueuePreview extends ViewCommand {
  private static final Duration LATE = Duration.ofSeconds(15);

  @Parameters(paramLabel = "NAME", description = "The work queue's name.")
  String name = "";

  @Option(
      names = "--hours",
      paramLabel = "NUMBER",
      description = "How far to look ahead. Default: 1.")
  int hours = 1;

  @Override
  public int run(Invocation invocation) {
    if (hours < 1) {
      throw new UsageException("--hours must be 1 or more, not " + hours + ".");
    }
    Terminal terminal = invocation.terminal();
    WorkQueueRecord queue = NamedQueue.read(invocation.sheave().api().workQueues(), name);
    Instant now = Instant.now();
    List<FlowRunRecord> runs = waiting(invocation, now.plus(Duration.ofHours(hours)));
    if (format == Format.JSON) {
      return printJson(terminal, FlowRunJson.RUN.toJson(runs));
    }
    if (queue.isPaused()) {
      terminal.complain(
          terminal.in(
              Colour.WARNING,
              "Warning: the work queue '" + name + "' is paused, so no agent takes its runs."));
    }
    if (runs.isEmpty()) {
      terminal.complain(
          "No runs found - try increasing how far into the future you preview with the --hours"
              + " flag");
      return CommandRunner.OK;
    }
    Table table = new Table("SCHEDULED START TIME", "WHEN", "RUN ID", "NAME", "DEPLOYMENT ID");
    for (FlowRunRecord run : runs) {
      Instant due = due(run);
      boolean isLate = due.plus(LATE).isBefore(now);
      table.add(
          Times.local(due),
          Times.away(due, now) + (isLate ? " (late)" : ""),
          run.id(),
          run.name(),
          run.deploymentId());
    }
    table.print(terminal);
    return CommandRunner.OK;
  }

  private List<FlowRunRecord> waiting(Invocation invocation, Instant until) {
    FlowRunApi api = invocation.sheave().api().flowRuns();
    FlowRunFilter filter =
        FlowRunFilter.ALL
            .withWorkQueueNames(Set.of(name))
            .withStateTypes(Set.of(StateType.SCHEDULED));
    return readAll(
            page -> api.listFlowRuns(filter, FlowRunSort.NEXT_SCHEDULED_START_TIME_ASC, page))
        .stream()
        .filter(run -> !due(run).isAfter(until))
        .toList();
  }

  private static Instant due(FlowRunRecord run) {
    Instant due = run.nextScheduledStartTime();
    return due == null ? run.created() : due;
  }
}
