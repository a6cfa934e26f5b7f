package dev.sheave.storage.transfer;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Runs the moves of a transfer on several threads, and adapts their number to the throughput.
 *
 * <p>The best number depends on the connection: for a near store, processors and bandwidth are the
 * limit, for a far one the latency. So it starts with {@value #FIRST} threads and doubles them as
 * long as that raises the throughput by at least a fifth, up to {@value #MOST}. Each file counts as
 * its size plus 64 KiB.
 *
 * <p>The first failure ends the others. Interrupting the waiting thread ends all moves.
 */
final class AdaptiveExecutor {
  static final int FIRST = 16;
  static final int MOST = 64;

  private static final long BYTES_A_FILE_COUNTS = 64 * 1024;
  private static final double WORTH_IT = 1.2;

  /** A thread that hangs in a read that can't be interrupted is left to its client's time-out. */
  private static final long INTERRUPTED_TIMEOUT_MILLIS = 10_000;

  private static final AtomicInteger THREADS = new AtomicInteger();

  private final Deque<Task> tasks;
  private final List<Thread> threads = new ArrayList<>();
  private final boolean adapts;
  private int limit;
  private int running;
  private boolean stopped;
  private @Nullable Throwable failure;

  private long windowStart = System.nanoTime();
  private long windowWork;
  private int windowTasks;
  private double best;

  /** Something to do. */
  interface Action {
    void run() throws IOException;
  }

  /**
   * A move.
   *
   * @param bytes about how many bytes it moves
   */
  record Task(long bytes, Action action) {
    private static final long FIRST = Long.MAX_VALUE;

    /** A move that begins before all others and isn't counted in the throughput. */
    static Task first(Action action) {
      return new Task(FIRST, action);
    }
  }

  private AdaptiveExecutor(Collection<Task> tasks, int concurrency) {
    // the largest first: what begins last ends soon
    List<Task> sorted = new ArrayList<>(tasks);
    sorted.sort(Comparator.comparingLong(Task::bytes).reversed());
    this.tasks = new ArrayDeque<>(sorted);
    this.adapts = concurrency == 0;
    this.limit = adapts ? FIRST : concurrency;
  }

  /**
   * Runs all moves, or throws the first failure.
   *
   * @param concurrency the number of threads; 0 to adapt it
   */
  static void run(Collection<Task> tasks, int concurrency) throws IOException {
    if (!tasks.isEmpty()) {
      new AdaptiveExecutor(tasks, concurrency).run();
    }
  }

  /** Throws {@code INTERRUPTED} if the thread was interrupted; for long loops in one thread. */
  static void requireNotInterrupted() {
    if (Thread.currentThread().isInterrupted()) {
      throw new SheaveException(Code.INTERRUPTED, "The transfer was interrupted.");
    }
  }

  private synchronized void run() throws IOException {
    startThreads();
    try {
      while (running > 0 && failure == null) {
        wait();
      }
      // also one that came together with the last move's end
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    } catch (InterruptedException e) {
      stop();
      awaitEnd();
      Thread.currentThread().interrupt();
      throw new SheaveException(Code.INTERRUPTED, "The transfer was interrupted.", e);
    }
    awaitEnd();
    Throwable thrown = failure;
    if (thrown instanceof IOException e) {
      throw e;
    } else if (thrown instanceof RuntimeException e) {
      throw e;
    } else if (thrown instanceof Error e) {
      throw e;
    }
  }

  private void startThreads() {
    int wanted = Math.min(limit, running + tasks.size());
    while (running < wanted) {
      Thread thread = new Thread(this::work, "sheave-transfer-" + THREADS.incrementAndGet());
      thread.setDaemon(true);
      threads.add(thread);
      running++;
      thread.start();
    }
  }

  private void work() {
    try {
      for (Task task = take(); task != null; task = take()) {
        task.action().run();
        finished(task);
      }
    } catch (Throwable e) { // whatever it is, the thread that waits has to hear of it
      failed(e);
    } finally {
      ended();
    }
  }

  private synchronized @Nullable Task take() {
    return stopped ? null : tasks.poll();
  }

  private synchronized void finished(Task task) {
    if (task.bytes() == Task.FIRST) {
      return;
    }
    windowWork += task.bytes() + BYTES_A_FILE_COUNTS;
    windowTasks++;
    if (adapts && limit < MOST && windowTasks >= 2 * limit) {
      long now = System.nanoTime();
      double speed = (double) windowWork / Math.max(1, now - windowStart);
      if (speed > best * WORTH_IT) {
        best = speed;
        limit = Math.min(2 * limit, MOST);
        startThreads();
      }
      windowStart = now;
      windowWork = 0;
      windowTasks = 0;
    }
  }

  private synchronized void failed(Throwable e) {
    if (failure == null) {
      failure = e;
    }
    stop();
  }

  private synchronized void ended() {
    running--;
    notifyAll();
  }

  private void stop() {
    stopped = true;
    for (Thread thread : threads) {
      if (thread != Thread.currentThread()) {
        thread.interrupt();
      }
    }
  }

  private void awaitEnd() {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(INTERRUPTED_TIMEOUT_MILLIS);
    try {
      for (long left = deadline - System.nanoTime();
          running > 0 && left > 0;
          left = deadline - System.nanoTime()) {
        TimeUnit.NANOSECONDS.timedWait(this, left);
      }
    } catch (InterruptedException e) {
      // interrupted again: whoever does it is in a hurry
      Thread.currentThread().interrupt();
    }
  }
}
