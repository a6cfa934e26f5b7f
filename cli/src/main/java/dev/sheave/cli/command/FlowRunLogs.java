package dev.sheave.cli.command;

import dev.sheave.api.FlowRunApi;
import dev.sheave.api.FlowRunApi.LogLine;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.Page;
import dev.sheave.api.internal.FlowRunJson;
import dev.sheave.cli.terminal.Terminal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sheave flow-run logs}. */
@picocli.CommandLine.Command(
    description = "Show the log of a flow run, oldest line first.",
    footer = {
      "",
      "  $ sheave flow-run logs 8f4ca508-df21-4f96-8147-0e34e2efcee8 --tail -n 50",
      "  $ sheave flow-run logs 8f4ca508-df21-4f96-8147-0e34e2efcee8 -f"
    })
final class FlowRunLogs extends ViewCommand {
  private static final int DEFAULT_LINES = 20;

  @Parameters(paramLabel = "ID", description = "The run's id.")
  String id = "";

  @Option(
      names = {"-f", "--follow"},
      description = "Keep showing new lines until the run ends.")
  boolean follow;

  @Option(names = "--head", description = "Show only the first 20 lines.")
  boolean head;

  @Option(
      names = {"-t", "--tail"},
      description = "Show only the last 20 lines.")
  boolean tail;

  @Option(
      names = {"-n", "--num-logs"},
      paramLabel = "NUMBER",
      description = "How many lines to show with --head, the default here, or --tail.")
  @Nullable Integer number;

  @Option(
      names = {"-r", "--reverse"},
      description = "Show the newest line first.")
  boolean reverse;

  @Override
  public int run(Invocation invocation) {
    checkOptions();
    Terminal terminal = invocation.terminal();
    FlowRunApi api = invocation.sheave().api().flowRuns();
    FlowRunRecord run = FlowRunId.read(api, id);
    UUID last = null;
    if (format != Format.JSON && !head && !tail && !reverse && number == null) {
      // as it comes: it may be long
      last = LogLines.read(api, run.id(), null, line -> print(run, line, terminal));
    } else {
      List<LogLine> lines = chosen(api, run.id());
      last = lines.isEmpty() ? null : lines.get(lines.size() - 1).id();
      if (reverse) {
        Collections.reverse(lines);
      }
      if (format == Format.JSON) {
        return printJson(terminal, FlowRunJson.LOG_LINE.toJson(lines));
      }
      lines.forEach(line -> print(run, line, terminal));
    }
    terminal.out().flush();
    if (follow) {
      new RunWatch(api, run, terminal).after(last).untilOver(null);
    }
    return CommandRunner.OK;
  }

  private void checkOptions() {
    if (head && tail) {
      throw new UsageException("Only one of --head and --tail can be given.");
    }
    if (number != null && number < 1) {
      throw new UsageException("--num-logs must be 1 or more, not " + number + ".");
    }
    boolean isHead = head || (number != null && !tail);
    if (follow && (isHead || reverse || format == Format.JSON)) {
      throw new UsageException(
          "--follow shows new lines as they come, so it can't be combined with "
              + (isHead ? "--head or --num-logs without --tail" : reverse ? "--reverse" : "JSON")
              + ".");
    }
  }

  private List<LogLine> chosen(FlowRunApi api, UUID run) {
    int count = number == null ? DEFAULT_LINES : number;
    if (head || (number != null && !tail)) {
      List<LogLine> lines = new ArrayList<>();
      while (lines.size() < count) {
        UUID after = lines.isEmpty() ? null : lines.get(lines.size() - 1).id();
        Page page = Page.first(Math.min(Page.MAX_LIMIT, count - lines.size()));
        List<LogLine> more = api.listLogs(run, after, page);
        lines.addAll(more);
        if (more.size() < page.limit()) {
          break;
        }
      }
      return lines;
    }
    ArrayDeque<LogLine> lines = new ArrayDeque<>();
    LogLines.read(
        api,
        run,
        null,
        line -> {
          lines.add(line);
          if (tail && lines.size() > count) {
            lines.remove();
          }
        });
    return new ArrayList<>(lines);
  }

  private static void print(FlowRunRecord run, LogLine line, Terminal terminal) {
    terminal.out().println(LogLines.text(run, line));
  }
}
