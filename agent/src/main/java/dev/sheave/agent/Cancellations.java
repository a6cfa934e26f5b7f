package dev.sheave.agent;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.FlowRunApi;
import dev.sheave.api.FlowRunFilter;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.State;
import dev.sheave.api.StateType;
import dev.sheave.infrastructure.Infrastructure;
import dev.sheave.infrastructure.ProcessInfrastructure;
import dev.sheave.infrastructure.RunningInfrastructure;
import dev.sheave.internal.ProcessIdentity.Fate;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cancels runs whose cancellation was requested, among some runs such as those of an agent's
 * queues.
 */
final class Cancellations {
  private static final Logger LOG = LoggerFactory.getLogger(Agent.class);

  /** How long a run's process gets to end by itself. */
  private static final Duration GRACE = Duration.ofSeconds(30);

  private final FlowRunApi api;
  private final Path home;
  private final InfrastructureResolver infrastructure;
  private final ActiveRuns active;
  private final FlowRunFilter cancelling;
  private final FlowRunFilter cancellingAsOlderClientsSay;

  /** Runs that are being killed, or that only another agent can kill. */
  private final Set<UUID> inHand = ConcurrentHashMap.newKeySet();

  private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

  Cancellations(
      FlowRunApi api,
      Path home,
      InfrastructureResolver infrastructure,
      ActiveRuns active,
      FlowRunFilter runs) {
    this.api = api;
    this.home = home;
    this.infrastructure = infrastructure;
    this.active = active;
    this.cancelling = runs.withStateTypes(Set.of(StateType.CANCELLING));
    this.cancellingAsOlderClientsSay =
        runs.withStateTypes(Set.of(StateType.CANCELLED)).withStateNames(Set.of("Cancelling"));
  }

  /** Looks for such runs, and ends them in the background. */
  void check() {
    List<FlowRunRecord> found = new ArrayList<>();
    for (FlowRunFilter filter : List.of(cancelling, cancellingAsOlderClientsSay)) {
      found.addAll(api.listAllFlowRuns(filter));
    }
    for (FlowRunRecord run : found) {
      if (!active.isStarting(run.id()) && inHand.add(run.id())) {
        LOG.info("Flow run '{}' will be cancelled.", run.id());
        Thread thread =
            Workers.thread(
                () -> {
                  cancel(run);
                  threads.remove(Thread.currentThread());
                });
        threads.add(thread);
        thread.start();
      }
    }
  }

  /**
   * Returns when those that it found are ended and recorded as such; at once if the thread is
   * interrupted.
   */
  void awaitEnd() {
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void cancel(FlowRunRecord run) {
    boolean isDone = true;
    try {
      isDone = kill(run);
    } catch (SheaveException e) {
      isDone = false;
      LOG.error("Flow run '{}' could not be cancelled: {}", run.id(), e.getMessage());
    } catch (RuntimeException
        | LinkageError e) { // of an infrastructure block; the next try may be better
      isDone = false;
      LOG.error("Flow run '{}' could not be cancelled.", run.id(), e);
    } finally {
      if (!isDone) {
        inHand.remove(run.id()); // the next poll tries again
      }
    }
  }

  /** Returns false to have it tried again. */
  private boolean kill(FlowRunRecord run) {
    Optional<RunningInfrastructure> own = active.infrastructure(run.id());
    if (own.isPresent()) {
      kill(run, own.get());
      return true;
    }
    Optional<String> pid = Optional.ofNullable(run.infrastructurePid());
    if (pid.isEmpty()) {
      Optional<Fate> agent = Claim.fateOfAgent(api, run.id());
      if (agent.equals(Optional.of(Fate.RUNNING))) {
        return false; // it is about to say what it has started
      }
      if (agent.equals(Optional.of(Fate.UNKNOWN))) {
        LOG.warn("Flow run '{}' is left to an agent of the host that took it to cancel.", run.id());
        return true;
      }
      pid = ProcessInfrastructure.findStarted(home, run.id());
      if (pid.isEmpty()) {
        // what appears after all finds that the run is cancelled
        markCancelled(
            run,
            agent.isPresent()
                ? "The agent that took this run died before it could start it."
                : "This flow run is missing infrastructure tracking information and cancellation"
                    + " cannot be guaranteed.");
        return true;
      }
    }
    Infrastructure where = infrastructure.of(run);
    try {
      kill(run, where.attach(run.id(), pid.get()));
    } catch (SheaveException e) {
      if (e.code() == Code.UNAVAILABLE) {
        LOG.warn("Flow run '{}' is left to another agent to cancel: {}", run.id(), e.getMessage());
        return true;
      }
      if (e.code() != Code.NOT_FOUND) {
        throw e;
      }
      where.endLeftovers(run.id(), pid.get(), GRACE);
      LOG.info("The infrastructure of flow run '{}' no longer exists.", run.id());
      markCancelled(run, null);
    }
    return true;
  }

  private void kill(FlowRunRecord run, RunningInfrastructure running) {
    Optional<String> limits = running.killLimits();
    running.kill(GRACE);
    markCancelled(run, limits.orElse(null));
  }

  private void markCancelled(FlowRunRecord run, @Nullable String message) {
    // the state that older clients use is terminal, and can't be left without force
    boolean force = run.state().type() == StateType.CANCELLED;
    api.setFlowRunState(run.id(), State.of(StateType.CANCELLED, message), force);
    LOG.info("Cancelled flow run '{}'", run.id());
    inHand.remove(run.id());
  }
}
