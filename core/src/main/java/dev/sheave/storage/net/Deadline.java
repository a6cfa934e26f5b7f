package dev.sheave.storage.net;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Aborts a request that takes too long as a whole: the timeouts of sockets start again with each
 * byte. Closed when the request is done.
 */
public final class Deadline implements AutoCloseable {
  private static final ScheduledThreadPoolExecutor TIMER = timer();

  private final ScheduledFuture<?> abortion;
  private volatile boolean passed;

  private Deadline(Duration time, Runnable abort) {
    this.abortion =
        TIMER.schedule(
            () -> {
              passed = true;
              abort.run();
            },
            time.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  private static ScheduledThreadPoolExecutor timer() {
    ScheduledThreadPoolExecutor timer =
        new ScheduledThreadPoolExecutor(
            1,
            work -> {
              Thread thread = new Thread(work, "sheave-deadlines");
              thread.setDaemon(true);
              return thread;
            });
    timer.setRemoveOnCancelPolicy(true);
    return timer;
  }

  /**
   * Sets a deadline.
   *
   * @param abort ends the request, from another thread; it must not block
   */
  public static Deadline of(Duration time, Runnable abort) {
    return new Deadline(time, abort);
  }

  /** Returns why a request failed: the deadline if it has passed, else what the client says. */
  public IOException reason(IOException e) {
    if (!passed) {
      return e;
    }
    SocketTimeoutException reason = new SocketTimeoutException("the response took too long");
    reason.initCause(e);
    return reason;
  }

  @Override
  public void close() {
    abortion.cancel(false);
  }
}
