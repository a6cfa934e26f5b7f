package dev.sheave.cli.command;

import dev.sheave.api.FlowRunApi.FlowRunSort;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.OrchestrationApi;
import dev.sheave.api.RecordFilter;
import dev.sheave.api.internal.FlowRunJson;
import dev.sheave.cli.terminal.Table;
import dev.sheave.cli.terminal.Terminal;
import dev.sheave.cli.terminal.Terminal.Colour;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** A command that shows the runs that wait, the next one first. */
abstract class PreviewCommand extends ViewCommand {
  private static final Duration LATE = Duration.ofSeconds(15);

  @Option(
      names = "--hours",
      paramLabel = "NUMBER",
      description = "How far to look ahead. Default: 1.")
  int hours = 1;

  @Override
  public final int run(Invocation invocation) {
    if (hours < 1) {
      throw new UsageException("--hours must be 1 or more, not " + hours + ".");
    }
    Terminal terminal = invocation.terminal();
    OrchestrationApi api = invocation.sheave().api();
    Optional<String> warning = check(api);
    Instant now = Instant.now();
    Instant until = now.plus(Duration.ofHours(hours));
    RecordFilter filter = waiting(api);
    List<FlowRunRecord> runs =
        readAll(
                page ->
                    api.flowRuns()
                        .listFlowRuns(filter, FlowRunSort.NEXT_SCHEDULED_START_TIME_ASC, page))
            .stream()
            .filter(run -> !due(run).isAfter(until))
            .toList();
    if (format == Format.JSON) {
      return printJson(terminal, FlowRunJson.RUN.toJson(runs));
    }
    warning.ifPresent(
        sentence -> terminal.complain(terminal.in(Colour.WARNING, "Warning: " + sentence)));
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

  /** Checks that what is named exists, and returns what there is to say of it. */
  abstract Optional<String> check(OrchestrationApi api);

  /** Returns which runs wait. */
  abstract RecordFilter waiting(OrchestrationApi api);

  private static Instant due(FlowRunRecord run) {
    Instant due = run.nextScheduledStartTime();
    return due == null ? run.created() : due;
  }
}
