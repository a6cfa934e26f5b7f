package dev.sheave.deployment;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.FlowRunApi;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.internal.Arguments;
import java.time.Duration;
import java.util.UUID;

/** A created flow run, to wait for. Safe for use by several threads. */
public final class FlowRunHandle {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
  private static final Duration MAX_PAUSE = Duration.ofSeconds(2);

  /** Longer timeouts, such as {@code ChronoUnit.FOREVER.getDuration()}, are as good as this one. */
  private static final Duration LONGEST = Duration.ofDays(36_500);

  private final FlowRunApi api;
  private final FlowRunRecord created;

  FlowRunHandle(FlowRunApi api, FlowRunRecord created) {
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

  /**
   * Waits until the run is over, or the timeout expires.
   *
   * @param timeout how long to wait; zero or negative to read the run once
   * @return the run at that time; its state tells whether it is over, and what the flow {@linkplain
   *     dev.sheave.api.State#result() returned}
   * @throws SheaveException {@code INTERRUPTED} if the thread is interrupted
   */
  public FlowRunRecord await(Duration timeout) {
    Duration bounded =
        Arguments.notNull(timeout, "timeout").compareTo(LONGEST) > 0 ? LONGEST : timeout;
    long deadline = System.nanoTime() + bounded.toNanos();
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
