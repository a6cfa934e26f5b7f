package dev.sheave.infrastructure;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** A process and all it has started. */
final class ProcessTree {
  /** How long to wait for killed processes to end. */
  private static final Duration AFTER_FORCE = Duration.ofSeconds(10);

  private ProcessTree() {}

  /** Asks all of them to end, waits, and ends by force those that are left. */
  static void kill(ProcessHandle root, Duration grace) {
    List<ProcessHandle> all = all(root);
    all.forEach(ProcessHandle::destroy);
    boolean interrupted = false;
    try {
      awaitEnd(all, grace);
    } catch (InterruptedException e) {
      interrupted = true; // no time for grace
    }
    List<ProcessHandle> left =
        Stream.concat(all.stream(), all.stream().flatMap(ProcessHandle::descendants))
            .filter(ProcessHandle::isAlive)
            .distinct()
            .toList();
    left.forEach(ProcessHandle::destroyForcibly);
    try {
      awaitEnd(left, AFTER_FORCE);
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
      throw new SheaveException(
          Code.INTERRUPTED, "Killing the process " + root.pid() + " was interrupted.");
    }
  }

  private static List<ProcessHandle> all(ProcessHandle root) {
    List<ProcessHandle> all = new ArrayList<>(List.of(root));
    root.descendants().forEach(all::add);
    return all;
  }

  private static void awaitEnd(List<ProcessHandle> processes, Duration atMost)
      throws InterruptedException {
    try {
      CompletableFuture.allOf(
              processes.stream().map(ProcessHandle::onExit).toArray(CompletableFuture<?>[]::new))
          .get(atMost.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      // the caller looks which are left
    } catch (ExecutionException e) {
      throw new IllegalStateException("waiting for a process's end never fails", e);
    }
  }
}
