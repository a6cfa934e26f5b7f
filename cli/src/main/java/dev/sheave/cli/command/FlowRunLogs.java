package dev.sheave.cli.command;

import dev.sheave.api.FlowRunApi;
import dev.sheave.api.FlowRunApi.LogLine;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.LogLevel;
import dev.sheave.api.Page;
import dev.sheave.cli.terminal.Terminal;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import picocli.CommandLine.Parameters;

/** {@code sheave flow-run logs}. */
@picocli.CommandLine.Command(description = "Show the log of a flow run, oldest line first.")
final class FlowRunLogs extends ViewCommand {

  @Parameters(paramLabel = "ID", description = "The run's id.")
  String id = "";

  @Override
  public int run(Invocation invocation) {
    Terminal terminal = invocation.terminal();
    FlowRunApi api = invocation.sheave().api().flowRuns();
    FlowRunRecord run = api.readFlowRun(FlowRunId.parse(id));
    List<Object> json = new ArrayList<>();
    UUID last = null;
    while (true) {
      List<LogLine> lines = api.listLogs(run.id(), last, Page.FIRST);
      for (LogLine line : lines) {
        if (format == Format.JSON) {
          json.add(Wire.logLine(line));
        } else {
          terminal.out().println(text(run, line));
        }
        last = line.id();
      }
      if (lines.size() < Page.FIRST.limit()) {
        break;
      }
    }
    terminal.out().flush();
    return format == Format.JSON ? printJson(terminal, json) : 0;
  }

  private static String text(FlowRunRecord run, LogLine line) {
    String level = LogLevel.nameOf(line.line().level());
    return Times.ofLogLine(line.line().timestamp())
        + " | "
        + level
        + " ".repeat(Math.max(0, 7 - level.length()))
        + " | Flow run '"
        + run.name()
        + "' - "
        + line.line().message();
  }
}
