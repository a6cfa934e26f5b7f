package dev.sheave.runtime;

import dev.sheave.SheaveException;
import dev.sheave.api.FlowRunApi;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Says from time to time that the process of a run lives, so that it isn't taken for lost when its
 * agent is.
 */
final class Heartbeat implements AutoCloseable {
  /** How often it is said. */
  static final Duration INTERVAL = Duration.ofSeconds(20);

  private final CountDownLatch closed = new CountDownLatch(1);

  private Heartbeat() {}

  /**
   * Starts to say it.
   *
   * @param attempt the attempt at the run; null for none, and then nothing is said
   */
  static Heartbeat start(FlowRunApi api, UUID run, @Nullable Integer attempt) {
    Heartbeat heartbeat = new Heartbeat();
    if (attempt != null) {
      Thread thread = new Thread(() -> heartbeat.beat(api, run, attempt), "sheave-heartbeat");
      thread.setDaemon(true);
      thread.start();
    }
    return heartbeat;
  }

  private void beat(FlowRunApi api, UUID run, int attempt) {
    try {
      boolean isCurrent = true;
      while (isCurrent && !closed.await(INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
        isCurrent = report(api, run, attempt);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean report(FlowRunApi api, UUID run, int attempt) {
    try {
      return api.reportAlive(run, attempt);
    } catch (SheaveException e) {
      return true; // the store may be back the next time
    }
  }

  @Override
  public void close() {
    closed.countDown();
  }
}
