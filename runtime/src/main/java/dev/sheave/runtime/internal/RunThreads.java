package dev.sheave.runtime.internal;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Threads that do what runs need besides calling the flow; the same ones for one run after another.
 */
public final class RunThreads {
  private static final ExecutorService ALL =
      Executors.newCachedThreadPool(
          task -> {
            // they outlive the run that they are made for, so they inherit nothing of its flow
            Thread thread = new Thread(null, task, "sheave-run", 0, false);
            thread.setContextClassLoader(RunThreads.class.getClassLoader());
            thread.setDaemon(true);
            return thread;
          });

  private RunThreads() {}

  /**
   * Does something in a thread of its own.
   *
   * @param name of the thread meanwhile
   */
  public static void start(String name, Runnable task) {
    ALL.execute(
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
}
