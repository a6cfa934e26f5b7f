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
   * Waits until the run is over, or the timeout expires.
   *
   * @return the run as it is then; its state tells whether it is over, {@link
   *     FlowRunRecord#result(Class)} what the flow returned
   * @throws SheaveException {@code INTERRUPTED} if the thread is interrupted
   */
  public FlowRunRecord await(Duration timeout) {
    long deadline = System.nanoTime() + timeout.toNanos();
    Duration pause = FIRST_PAUSE;
    while (true) {
      FlowRunRecord run = api.readFlowRun(id());
      long left = deadline - System.nanoTime();
      if (run.state().isTerminal() || left <= 0) {
        return run;
      }
      try {
        // the records can't call back, so they are asked again
        Thread.sleep(Math.min(pause.toMillis(), Math.max(1, left / 1_000_000)));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new SheaveException(
            Code.INTERRUPTED, "Waiting for the flow run '" + run.name() + "' was interrupted.", e);
      }
      pause = pause.multipliedBy(2).compareTo(MAX_PAUSE) < 0 ? pause.multipliedBy(2) : MAX_PAUSE;
    }
  }
}
