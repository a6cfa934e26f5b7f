package dev.sheave.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/** Clients that ask at the same time. */
final class Clients {
  static final int COUNT = 8;

  private Clients() {}

  /** What a client does with a number. */
  interface Task {
    void run(int number) throws Exception;
  }

  /** Does something so often, by all clients. */
  static void inParallel(int count, Task task) throws Exception {
    AtomicInteger next = new AtomicInteger();
    together(
        COUNT,
        client -> {
          for (int number = next.getAndIncrement();
              number < count;
              number = next.getAndIncrement()) {
            task.run(number);
          }
        });
  }

  /** Does something once by each of several threads. */
  static void together(int threads, Task task) throws Exception {
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        int thread = i;
        all.add(
            executor.submit(
                () -> {
                  task.run(thread);
                  return null;
                }));
      }
      for (Future<?> each : all) {
        each.get();
      }
    } finally {
      executor.shutdownNow();
    }
  }
}
