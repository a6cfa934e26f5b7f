package dev.sheave.agent;

import dev.sheave.Sheave;
import dev.sheave.api.FlowRunApi;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.State;
import dev.sheave.api.StateType;
import dev.sheave.api.internal.UntilAvailable;
import dev.sheave.infrastructure.Infrastructure;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * Executes one flow run at once and waits for its end, for programs that don't use an agent. It can
 * be cancelled like other runs. Safe for use by several threads.
 */
public final class ForegroundRun {
  /** How often it is asked whether the run is to be cancelled. */
  private static final Duration POLL_INTERVAL = Duration.ofSeconds(1);

  /** How long the orchestrator may be unavailable before the outcome of the run is unknown. */
  private static final Duration TIMEOUT = Duration.ofMinutes(5);

  private final FlowRunApi api;
  private final FlowRunRecord run;
  private final Infrastructure where;
  private final ActiveRuns active = new ActiveRuns();
  private final Submission submission;
  private final Cancellations cancellations;

  /**
   * Prepares to execute a run.
   *
   * @param sheave where its record is; stays open until it has ended
   * @param run a run that isn't in a queue, and that nothing else executes
   * @param where executes it
   * @param output takes the lines that it prints, from another thread
   */
  public ForegroundRun(
      Sheave sheave, FlowRunRecord run, Infrastructure where, Consumer<String> output) {
    this.api = sheave.api().flowRuns();
    this.run = run;
    this.where = where;
    InfrastructureResolver infrastructure = new InfrastructureResolver(sheave);
    OutputPositions positions = new OutputPositions(sheave.home());
    this.submission =
        new Submission(api, infrastructure, active, positions, lines -> lines.forEach(output));
    this.cancellations = new Cancellations(api, infrastructure, active, positions, null);
  }

  /**
   * Executes the run, and returns when it has ended. To be called once.
   *
   * @return its final state
   * @throws dev.sheave.SheaveException {@code UNAVAILABLE} if the orchestrator doesn't answer for
   *     minutes; {@code INTERRUPTED} if the thread is interrupted, and then the run goes on
   */
  public State execute() {
    submission.start(run, where);
    try {
      while (true) {
        boolean hasEnded = active.isEmpty();
        State state =
            UntilAvailable.call(
                TIMEOUT,
                () -> {
                  FlowRunRecord now = api.readFlowRun(run.id());
                  cancellations.check(isToBeCancelled(now) ? List.of(now) : List.of());
                  return now.state();
                });
        if (hasEnded && state.type() != StateType.CANCELLING) {
          return state;
        }
        active.awaitChange(POLL_INTERVAL);
      }
    } finally {
      cancellations.awaitEnd();
      submission.close();
    }
  }

  private static boolean isToBeCancelled(FlowRunRecord run) {
    // older clients say it by name
    return run.state().type() == StateType.CANCELLING || run.state().name().equals("Cancelling");
  }

  /** Asks for the run's end: it gets some seconds for it. */
  public void cancel() {
    State cancelling = State.of(StateType.CANCELLING);
    UntilAvailable.call(TIMEOUT, () -> api.setFlowRunState(run.id(), cancelling, false));
    active.wakeUp();
  }

  /** Kills the infrastructure of the run at once. */
  public void stopNow() {
    active.stop(Duration.ZERO);
  }
}
