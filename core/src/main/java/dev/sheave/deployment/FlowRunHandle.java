package dev.sheave.deployment;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.FlowRunApi;
import dev.sheave.api.FlowRunApi.LogLine;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.Page;
import dev.sheave.api.State;
import dev.sheave.api.StateTransition;
import dev.sheave.api.StateType;
import dev.sheave.api.internal.UntilAvailable;
import dev.sheave.internal.Arguments;
import dev.sheave.internal.Backoff;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;

/**
 * A flow run that was made: to be waited for, looked at and cancelled. Safe for use by several
 * threads.
 */
public final class FlowRunHandle {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
  private static final Duration MAX_PAUSE = Duration.ofSeconds(2);

  /** How long a server may take to restart. */
  private static final Duration AWAY = Duration.ofMinutes(1);

  /** Longer timeouts, such as {@code ChronoUnit.FOREVER.getDuration()}, are as good as this one. */
  private static final Duration LONGEST = Duration.ofDays(36_500);

  private final FlowRunApi api;
  private final FlowRunRecord created;

  /** Makes a handle of a run. */
  public FlowRunHandle(FlowRunApi api, FlowRunRecord created) {
    this.api = api;
    this.created = created;
  }

  /** The run's id. */
  public UUID id() {
    return created.id();
  }

  /** The run as it was created. */
  public FlowRunRecord created() {
    return created;
  }

  /** Returns the state that the run is in now. */
  public State state() {
    return api.readFlowRun(id()).state();
  }

  /** Returns the lines that the run has logged so far, oldest first. */
  public List<LogLine> logs() {
    List<LogLine> all = new ArrayList<>();
    List<LogLine> page;
    do {
      UUID last = all.isEmpty() ? null : all.get(all.size() - 1).id();
      page = api.listLogs(id(), last, Page.FIRST);
      all.addAll(page);
    } while (page.size() == Page.FIRST.limit());
    return Collections.unmodifiableList(all);
  }

  /**
   * Asks for the run's end. One that nothing executes yet is cancelled at once, one that is under
   * way is ended by its agent.
   *
   * @return the state it is in then, Cancelled or Cancelling
   * @throws SheaveException {@code CONFLICT} if it is over already
   */
  public State cancel() {
    boolean wasOver = state().isTerminal();
    StateTransition answer = api.setFlowRunState(id(), State.of(StateType.CANCELLING), false);
    StateType now = answer.state().type();
    if (wasOver || now != StateType.CANCELLING && now != StateType.CANCELLED) {
      throw new SheaveException(
          Code.CONFLICT,
          "Flow run '"
              + id()
              + "' was unable to be cancelled. Reason: '"
              + (answer.reason() == null ? "it is " + answer.state().name() : answer.reason())
              + "'");
    }
    return answer.state();
  }

  /**
   * Waits until the run is over, or the timeout expires. Records that are away for a while, such as
   * those of a server that restarts, are waited for too.
   *
   * @param timeout how long to wait; zero or negative to read the run once
   * @return the run as it is then; its state tells whether it is over, {@link
   *     FlowRunRecord#result(Class)} what the flow returned
   * @throws SheaveException {@code INTERRUPTED} if the thread is interrupted; {@code UNAVAILABLE}
   *     if the records are away for longer than a minute
   */
  public FlowRunRecord await(Duration timeout) {
    Duration bounded =
        Arguments.notNull(timeout, "timeout").compareTo(LONGEST) > 0 ? LONGEST : timeout;
    // the records can't call back, so they are asked again
    Backoff backoff = new Backoff(FIRST_PAUSE, MAX_PAUSE, bounded);
    while (true) {
      FlowRunRecord run = UntilAvailable.call(AWAY, () -> api.readFlowRun(id()));
      if (run.state().isTerminal()
          || !backoff.pause("Waiting for the flow run '" + run.name() + "'")) {
        return run;
      }
    }
  }
}
