package dev.sheave.runtime.internal;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Threads of runs; the same ones for one task after another. Safe for use by several threads.
 *
 * <p>Those of {@link #start} do what runs need besides calling the flow. What a flow leaves in the
 * thread that has called it, such as thread locals, is found by the next one: so a flow is called
 * by threads that are made for it.
 */
public final class RunThreads implements AutoCloseable {
  private static final RunThreads COMMON = new RunThreads();

  /** Says when it is time. */
  private static final ScheduledExecutorService CLOCK = clock();

  private final ExecutorService threads =
      Executors.newCachedThreadPool(task -> newThread(task, "sheave-run"));

  /** Makes threads when they are needed. */
  public RunThreads() {}

  private static ScheduledExecutorService clock() {
    ScheduledThreadPoolExecutor clock =
        new ScheduledThreadPoolExecutor(1, task -> newThread(task, "sheave-run-clock"));
    clock.setKeepAliveTime(10, TimeUnit.SECONDS);
    clock.allowCoreThreadTimeOut(true);
    clock.setRemoveOnCancelPolicy(true);
    return clock;
  }

  /**
   * Returns a thread that outlives the run that it is made for: it inherits nothing of its flow.
   */
  private static Thread newThread(Runnable task, String name) {
    Thread thread = new Thread(null, task, name, 0, false);
    thread.setContextClassLoader(RunThreads.class.getClassLoader());
    thread.setDaemon(true);
    return thread;
  }

  /** Does something short after a time, unless it is cancelled. */
  public static Future<?> later(Duration delay, Runnable task) {
    return CLOCK.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
  }

  /**
   * Does something in a thread of its own, for a run.
   *
   * @param name of the thread meanwhile
   */
  public static void start(String name, Runnable task) {
    COMMON.execute(name, task);
  }

  /**
   * Does something in a thread of its own.
   *
   * @param name of the thread meanwhile
   */
  public void execute(String name, Runnable task) {
    threads.execute(
        () -> {
          Thread thread = Thread.currentThread();
          String before = thread.getName();
          thread.setName(name);
          try {
            task.run();
          } finally {
            thread.setName(before);
            Thread.interrupted(); // it was for this task
          }
        });
  }

  /** Ends the threads when they have done what they were given. */
  @Override
  public void close() {
    threads.shutdown();
  }
}
