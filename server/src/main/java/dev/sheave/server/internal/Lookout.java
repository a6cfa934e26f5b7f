package dev.sheave.server.internal;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks, again and again, after all whose answers wait for news, so that none of them holds a
 * thread: one thread serves all. Safe for use by several threads.
 *
 * @param <W> who waits
 */
public final class Lookout<W> extends AbstractLifeCycle {
  /** The time between two looks. */
  public static final Duration TURN = Duration.ofMillis(250);

  private static final Logger LOG = LoggerFactory.getLogger(Lookout.class);

  private final String thread;
  private final Consumer<Set<W>> look;
  private final Set<W> waiting = ConcurrentHashMap.newKeySet();
  private @Nullable ScheduledExecutorService looking;
  private @Nullable Future<?> turns;

  /**
   * A lookout, which looks from its start to its stop.
   *
   * @param thread the name of its thread
   * @param look looks after all who wait; not called while nobody does, and not to wait for others.
   *     Some may be removed meanwhile
   */
  public Lookout(String thread, Consumer<Set<W>> look) {
    this.thread = thread;
    this.look = look;
  }

  @Override
  protected void doStart() {
    ScheduledExecutorService started =
        Executors.newSingleThreadScheduledExecutor(
            work -> {
              Thread made = new Thread(work, thread);
              made.setDaemon(true);
              return made;
            });
    turns = started.scheduleWithFixedDelay(this::look, 0, TURN.toMillis(), TimeUnit.MILLISECONDS);
    looking = started;
  }

  @Override
  protected void doStop() {
    Future<?> last = turns;
    ScheduledExecutorService started = looking;
    if (last != null && started != null) {
      // not interrupted: that would break the database's connection
      last.cancel(false);
      started.shutdown();
    }
  }

  /** Looks after one more from now on. */
  public void add(W one) {
    waiting.add(one);
  }

  /** Looks after one no more. */
  public void remove(W one) {
    waiting.remove(one);
  }

  /** Those who wait. */
  public Set<W> waiting() {
    return Set.copyOf(waiting);
  }

  private void look() {
    if (waiting.isEmpty()) {
      return;
    }
    try {
      look.accept(waiting());
    } catch (RuntimeException e) {
      LOG.error("Those who wait for news weren't looked after.", e);
    }
  }
}
