package dev.sheave.cli.command;

import dev.sheave.api.FlowRunApi;
import dev.sheave.api.FlowRunApi.LogLine;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.LogLevel;
import dev.sheave.api.Page;
import dev.sheave.internal.OneLine;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads and formats the log of a flow run. */
final class LogLines {

  private LogLines() {}

  /**
   * Hands on the lines that were recorded after one, oldest first.
   *
   * @param after null for all
   * @return the last of them, or what was given if there are none
   */
  static @Nullable UUID read(
      FlowRunApi api, UUID flowRunId, @Nullable UUID after, Consumer<LogLine> reader) {
    UUID last = after;
    while (true) {
      List<LogLine> lines = api.listLogs(flowRunId, last, Page.FIRST);
      for (LogLine line : lines) {
        reader.accept(line);
        last = line.id();
      }
      if (lines.size() < Page.FIRST.limit()) {
        return last;
      }
    }
  }

  /** A line with its time in this machine's time zone. */
  static String text(FlowRunRecord run, LogLine line) {
    String level = LogLevel.nameOf(line.line().level());
    return Times.ofLogLine(line.line().timestamp())
        + " | "
        + level
        + " ".repeat(Math.max(0, 7 - level.length()))
        + " | Flow run '"
        + OneLine.of(run.name())
        + "' - "
        + line.line().message();
  }
}
