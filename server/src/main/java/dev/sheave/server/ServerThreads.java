package dev.sheave.server;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * The threads of a server: few, since more wouldn't answer a burst of short requests sooner, and
 * one more for each that a request holds for long, such as one that waits for the database. None
 * waits for a body, see {@link dev.sheave.server.internal.BodyReader}. Safe for use by several
 * threads.
 */
final class ServerThreads extends QueuedThreadPool {
  /** How many threads there are for requests that take a short time. */
  static final int FREE = Math.max(4, 2 * Runtime.getRuntime().availableProcessors());

  /** How many threads there are at most. */
  private static final int MOST = 64;

  /**
   * How many threads Jetty needs: one accepts connections, one selects them, another takes turns.
   */
  private static final int LEASED = 3;

  /** How long work takes that holds its thread. */
  private static final Duration LONG = Duration.ofMillis(500);

  private static final Duration TURN = Duration.ofMillis(250);

  /** When the work began that each thread does. */
  private final Map<Thread, Long> begun = new ConcurrentHashMap<>();

  ServerThreads() {
    super(FREE + LEASED, LEASED);
    setName("sheave-server");
    setDaemon(true);
  }

  /** Adapts their number from now on. */
  void adapt(Scheduler scheduler) {
    long now = System.nanoTime();
    long held = begun.values().stream().filter(at -> now - at > LONG.toNanos()).count();
    setMaxThreads((int) Math.min(Math.max(MOST, FREE + LEASED), FREE + Math.max(held, LEASED)));
    // starts those that queued work waits for
    setMinThreads(getMinThreads());
    scheduler.schedule(() -> adapt(scheduler), TURN.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  protected void runJob(Runnable job) {
    begun.put(Thread.currentThread(), System.nanoTime());
    try {
      super.runJob(job);
    } finally {
      begun.remove(Thread.currentThread());
    }
  }
}
