package dev.sheave.agent;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.infrastructure.RunningInfrastructure;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** The runs that an agent has taken and that haven't ended. Safe for use by several threads. */
final class ActiveRuns {
  private final Set<UUID> taken = new HashSet<>();
  private final Set<UUID> leased = new HashSet<>();
  private final Map<UUID, RunningInfrastructure> started = new HashMap<>();
  private final Map<UUID, Thread> starters = new HashMap<>();
  private boolean stopping;
  private boolean changed;

  /** What the thread that waits here waits for. */
  private BooleanSupplier awaited = () -> false;

  synchronized int size() {
    return taken.size();
  }

  synchronized boolean isEmpty() {
    return taken.isEmpty();
  }

  synchronized boolean contains(UUID run) {
    return taken.contains(run);
  }

  /** The runs of which the agent has a lease. */
  synchronized Set<UUID> leased() {
    return Set.copyOf(leased);
  }

  /** Returns whether a run is seen to here, on that infrastructure. */
  synchronized boolean isOn(UUID run, RunningInfrastructure infrastructure) {
    return started.get(run) == infrastructure;
  }

  /** Returns whether a run was taken, but has no infrastructure yet. */
  synchronized boolean isStarting(UUID run) {
    return taken.contains(run) && !started.containsKey(run);
  }

  synchronized Optional<RunningInfrastructure> infrastructure(UUID run) {
    return Optional.ofNullable(started.get(run));
  }

  synchronized void add(FlowRunRecord run) {
    taken.add(run.id());
    if (run.lease() != null) {
      leased.add(run.id());
    }
  }

  /** How many runs were taken, but have no infrastructure yet. */
  synchronized int starting() {
    return taken.size() - started.size();
  }

  /**
   * Starts the infrastructure of a run on this thread, which is interrupted meanwhile if the run is
   * cancelled or all are stopped.
   */
  RunningInfrastructure start(UUID run, Supplier<RunningInfrastructure> start) {
    synchronized (this) {
      starters.put(run, Thread.currentThread());
      if (stopping) {
        interruptStart(run);
      }
    }
    try {
      return start.get();
    } finally {
      synchronized (this) {
        starters.remove(run);
        Thread.interrupted(); // it was for the start alone
      }
    }
  }

  /** Interrupts the start of a run's infrastructure, if it is in progress. */
  synchronized void interruptStart(UUID run) {
    Thread starter = starters.get(run);
    if (starter != null) {
      starter.interrupt();
    }
  }

  /** Registers the infrastructure of a run; returns whether it must be stopped right away. */
  synchronized boolean setInfrastructure(UUID run, RunningInfrastructure infrastructure) {
    started.put(run, infrastructure);
    wakeUp(); // there may be room for the next start
    return stopping;
  }

  synchronized void remove(UUID run) {
    taken.remove(run);
    leased.remove(run);
    started.remove(run);
    wakeUp();
  }

  /** Wakes the thread that waits here, if what it waits for is so. */
  synchronized void wakeUp() {
    changed = true;
    if (awaited.getAsBoolean()) {
      notifyAll();
    }
  }

  /** Returns when a run has started or ended since the last call, or the time is over. */
  synchronized void awaitChange(Duration atMost) {
    await(() -> changed, atMost);
    changed = false;
  }

  /**
   * Returns when something is so that depends on the runs, or the time is over. One thread at a
   * time waits here.
   *
   * @param isSo looks, and doesn't wait itself; called by threads whose runs start or end
   */
  synchronized void await(BooleanSupplier isSo, Duration atMost) {
    long deadline = System.nanoTime() + atMost.toNanos();
    awaited = isSo;
    try {
      while (!isSo.getAsBoolean()) {
        long left = deadline - System.nanoTime();
        if (left <= 0) {
          break;
        }
        wait(left / 1_000_000, (int) (left % 1_000_000));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SheaveException(
          Code.INTERRUPTED, "The agent was interrupted; its runs continue without it.", e);
    } finally {
      awaited = () -> false;
    }
  }

  /** Lets go of all runs, which go on. */
  void closeAll() {
    List<RunningInfrastructure> all;
    synchronized (this) {
      all = List.copyOf(started.values());
      taken.clear();
      leased.clear();
      started.clear();
      wakeUp();
    }
    all.forEach(RunningInfrastructure::close);
  }

  /**
   * Kills the infrastructure of all runs, including those that start later. Returns when all has
   * ended.
   */
  void stop(Duration grace) {
    List<RunningInfrastructure> running;
    synchronized (this) {
      stopping = true;
      Set.copyOf(starters.keySet()).forEach(this::interruptStart);
      running = List.copyOf(started.values());
    }
    List<Thread> killers =
        running.stream().map(each -> Workers.thread(() -> each.kill(grace))).toList();
    killers.forEach(Thread::start);
    try {
      for (Thread killer : killers) {
        killer.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SheaveException(Code.INTERRUPTED, "Stopping the agent's runs was interrupted.", e);
    }
  }
}
