package dev.sheave.cli.command;

import dev.sheave.SheaveException;
import dev.sheave.api.FlowRunApi;
import dev.sheave.api.FlowRunApi.LogLine;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.State;
import dev.sheave.api.StateType;
import dev.sheave.api.internal.UntilAvailable;
import dev.sheave.cli.terminal.Terminal;
import dev.sheave.cli.terminal.Terminal.Colour;
import dev.sheave.internal.Backoff;
import dev.sheave.internal.OneLine;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Shows the progress of a flow run. The records can't call back, so they are polled. */
final class RunWatch {
  private static final Duration PAUSE = Duration.ofMillis(250);

  /** A run's last line is recorded after its end, within this time. */
  private static final Duration AFTER_THE_END = Duration.ofSeconds(1);

  /** How long the orchestrator may be unreachable. */
  private static final Duration TIMEOUT = Duration.ofMinutes(5);

  private final FlowRunApi api;
  private final FlowRunRecord run;
  private final Terminal terminal;
  private boolean states;
  private int statesShown;
  private @Nullable UUID lastLine;

  RunWatch(FlowRunApi api, FlowRunRecord run, Terminal terminal) {
    this.api = api;
    this.run = run;
    this.terminal = terminal;
  }

  /** Shows the states too, and how the run ended. */
  RunWatch withStates() {
    this.states = true;
    return this;
  }

  /** Leaves out the log up to a line. */
  RunWatch after(@Nullable UUID line) {
    this.lastLine = line;
    return this;
  }

  /**
   * Watches until the run ends or the time is up.
   *
   * @param atMost null for any time
   * @return the exit code that goes with the run's state
   */
  int untilOver(@Nullable Duration atMost) {
    long start = System.nanoTime();
    while (true) {
      State state = UntilAvailable.call(TIMEOUT, () -> api.readFlowRun(run.id()).state());
      showNews();
      if (state.isTerminal()) {
        if (state.timestamp().isAfter(Instant.now().minus(AFTER_THE_END))) {
          showLastLines();
        }
        return sayEnd(state);
      }
      if (atMost != null && System.nanoTime() - start > atMost.toNanos()) {
        terminal.complain(
            terminal.in(
                Colour.WARNING,
                "Flow run '"
                    + OneLine.of(run.name())
                    + "' is "
                    + state.name()
                    + " after "
                    + atMost.toSeconds()
                    + " seconds; watching has stopped, and the run continues."));
        return CommandRunner.ERROR;
      }
      pause();
    }
  }

  private void showNews() {
    if (states) {
      List<State> all = UntilAvailable.call(TIMEOUT, () -> api.listFlowRunStates(run.id()));
      for (State state : all.subList(Math.min(statesShown, all.size()), all.size())) {
        terminal.say(
            terminal.in(
                Colour.FAINT,
                Times.ofLogLine(state.timestamp())
                    + " | STATE   | Flow run '"
                    + OneLine.of(run.name())
                    + "' - "
                    + state.name()));
      }
      statesShown = all.size();
    }
    lastLine =
        UntilAvailable.call(TIMEOUT, () -> LogLines.read(api, run.id(), lastLine, this::showLine));
    terminal.out().flush();
  }

  private void showLine(LogLine line) {
    terminal.out().println(LogLines.text(run, line));
    lastLine = line.id(); // a reading that fails half-way doesn't show it twice
  }

  private void showLastLines() {
    long end = System.nanoTime() + AFTER_THE_END.toNanos();
    UUID before;
    do {
      before = lastLine;
      pause();
      showNews();
    } while (lastLine != null && lastLine.equals(before) && System.nanoTime() < end);
  }

  private int sayEnd(State state) {
    boolean good = state.type() == StateType.COMPLETED;
    if (states) {
      String message = state.message() == null || good ? "" : " " + state.message();
      String text =
          "Flow run '" + OneLine.of(run.name()) + "' ended as " + state.name() + "." + message;
      if (good) {
        Results.print(state, terminal);
        terminal.say(terminal.in(Colour.GOOD, text));
      } else {
        terminal.complain(terminal.in(Colour.BAD, text));
      }
    }
    return good ? CommandRunner.OK : CommandRunner.ERROR;
  }

  private void pause() {
    try {
      Backoff.sleep(PAUSE, "Watching");
    } catch (SheaveException e) {
      throw new SheaveException(
          e.code(),
          "Watching was interrupted; the flow run '" + OneLine.of(run.name()) + "' continues.",
          e);
    }
  }
}
