package dev.sheave.agent;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.agent.InfrastructureResolver.Target;
import dev.sheave.api.FlowRunApi;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.RunLease;
import dev.sheave.api.State;
import dev.sheave.api.StateDetails;
import dev.sheave.api.StateTransition;
import dev.sheave.api.StateType;
import dev.sheave.api.internal.UntilAvailable;
import dev.sheave.infrastructure.Ended;
import dev.sheave.infrastructure.RunningInfrastructure;
import dev.sheave.internal.ProcessIdentity.Fate;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Cancels runs whose cancellation was requested. */
final class Cancellations {
  private static final Logger LOG = LoggerFactory.getLogger(Agent.class);

  /** When a cancellation that could not be carried out is tried again. */
  private static final Duration RETRY_INTERVAL = Duration.ofSeconds(10);

  /** When that is of a run whose agent is about to say what it has started. */
  private static final Duration SOON = Duration.ofSeconds(1);

  /** When that is of a run that is called cancelled already. */
  private static final Duration LONG_RETRY_INTERVAL = Duration.ofMinutes(1);

  /** How long what was killed gets to note how it ended. */
  private static final Duration END_TIMEOUT = Duration.ofSeconds(5);

  private static final Ended NOT_SEEN = Ended.gone("It was killed.");

  private static final String NEVER_STARTED =
      "The agent that took this run died before it could start it.";
  private static final String SEEN_TO =
      " An agent that can reach it has made sure since then that nothing executes it.";
  private static final String NOT_TRACKED =
      "This flow run is missing infrastructure tracking information and cancellation cannot be"
          + " guaranteed.";

  private final FlowRunApi api;
  private final InfrastructureResolver infrastructure;
  private final ActiveRuns active;
  private final OutputPositions positions;
  private final @Nullable AgentIdentity identity;

  /** Runs that are being killed. */
  private final Set<UUID> inHand = ConcurrentHashMap.newKeySet();

  /** Runs that could not be cancelled so far, and when to try again. */
  private final Map<UUID, Long> nextTries = new ConcurrentHashMap<>();

  /** Runs of which it was said that another agent must cancel them. */
  private final Set<UUID> left = ConcurrentHashMap.newKeySet();

  private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

  Cancellations(
      FlowRunApi api,
      InfrastructureResolver infrastructure,
      ActiveRuns active,
      OutputPositions positions,
      @Nullable AgentIdentity identity) {
    this.api = api;
    this.infrastructure = infrastructure;
    this.active = active;
    this.positions = positions;
    this.identity = identity;
  }

  /** Ends all runs that are to be cancelled, in the background. */
  void check(List<FlowRunRecord> found) {
    Set<UUID> ids = found.stream().map(FlowRunRecord::id).collect(Collectors.toSet());
    nextTries.keySet().retainAll(ids);
    left.retainAll(ids);
    for (FlowRunRecord run : found) {
      Long nextTry = nextTries.get(run.id());
      boolean isTime = nextTry == null || System.nanoTime() - nextTry >= 0;
      if (nextTry == null && !inHand.contains(run.id())) {
        LOG.info("Flow run '{}' will be cancelled.", run.id());
      }
      active.interruptStart(run.id());
      if (active.isStarting(run.id())) {
        nextTries.put(run.id(), System.nanoTime()); // it is started, or given up, in a moment
      } else if (isTime && inHand.add(run.id())) {
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

  /** Returns how long it is until one that could not be cancelled is tried again. */
  Optional<Duration> untilNextTry() {
    long now = System.nanoTime();
    return nextTries.values().stream()
        .map(time -> Duration.ofNanos(Math.max(0, time - now)))
        .min(Comparator.naturalOrder());
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
    Optional<Duration> again = Optional.of(pause(run));
    try {
      again = kill(run);
    } catch (SheaveException e) {
      LOG.error("Flow run '{}' could not be cancelled: {}", run.id(), e.getMessage());
    } catch (RuntimeException | LinkageError e) { // of an infrastructure block
      LOG.error("Flow run '{}' could not be cancelled.", run.id(), e);
    } finally {
      long now = System.nanoTime();
      again.ifPresent(pause -> nextTries.put(run.id(), now + pause.toNanos()));
      inHand.remove(run.id());
      active.wakeUp(); // it is known now when to look again
    }
  }

  /** Returns how long to wait until it is tried again; empty if it is done. */
  private Optional<Duration> kill(FlowRunRecord run) {
    Optional<RunningInfrastructure> own = active.infrastructure(run.id());
    if (own.isPresent()) {
      kill(run, own.get());
      return Optional.empty();
    }
    String pid = run.infrastructurePid();
    Claim claim = claimOf(run);
    if (pid == null && claim.isHeld()) {
      return Optional.of(SOON); // its agent is about to say what it has started
    }
    if (pid == null && claim.fate().equals(Optional.of(Fate.UNKNOWN))) {
      return leave(run, "it was taken on another host.");
    }
    Target target = infrastructure.ofStarted(run, claim.attempt(), RunOutput.NONE);
    RunningInfrastructure running;
    try {
      running = target.attach(pid, null);
    } catch (SheaveException e) {
      if (e.code() == Code.OUT_OF_REACH) {
        return leave(run, e.getMessage());
      }
      if (e.code() != Code.NOT_FOUND) {
        throw e;
      }
      if (pid == null) {
        // what appears after all finds that the run is cancelled
        markCancelled(run, claim.isOrphaned() ? NEVER_STARTED : NOT_TRACKED);
      } else {
        target
            .infrastructure()
            .endLeftovers(target.request(), pid, RunningInfrastructure.DEFAULT_STOP_GRACE);
        LOG.info("The infrastructure of flow run '{}' no longer exists.", run.id());
        markCancelled(run, null);
      }
      return Optional.empty();
    }
    try (running) {
      kill(run, running);
      if (!claim.isHeld()) { // otherwise its agent needs it
        running
            .ended()
            .toCompletableFuture()
            .completeOnTimeout(NOT_SEEN, END_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
            .join();
        running.remove();
      }
    }
    return Optional.empty();
  }

  /** What this agent has claimed and doesn't know, nobody starts. */
  private Claim claimOf(FlowRunRecord run) {
    RunLease lease = run.lease();
    if (lease != null
        && identity != null
        && lease.owner().equals(identity.id())
        && !active.contains(run.id())) {
      return new Claim(lease.attempt(), Optional.of(Fate.GONE));
    }
    return Claim.of(api, run);
  }

  private Optional<Duration> leave(FlowRunRecord run, String reason) {
    if (left.add(run.id())) {
      LOG.warn("Flow run '{}' is left to another agent to cancel: {}", run.id(), reason);
    }
    return Optional.of(pause(run));
  }

  private static Duration pause(FlowRunRecord run) {
    return isOutOfReach(run) ? LONG_RETRY_INTERVAL : RETRY_INTERVAL;
  }

  /** Whether a run was called cancelled because no agent could reach what executes it. */
  private static boolean isOutOfReach(FlowRunRecord run) {
    return run.state().isTerminal() && run.lease() != null;
  }

  private void kill(FlowRunRecord run, RunningInfrastructure running) {
    Optional<String> limits = running.killLimits();
    running.kill(running.stopGrace());
    markCancelled(run, limits.orElse(null));
  }

  private void markCancelled(FlowRunRecord run, @Nullable String message) {
    // the state that older clients use is terminal, and can't be left without force
    boolean force = run.state().isTerminal() && !isOutOfReach(run);
    String text =
        isOutOfReach(run)
            ? Objects.requireNonNullElse(run.state().message(), "") + SEEN_TO
            : message;
    // who saw the run before another thread had ended it doesn't end it again
    State cancelled =
        State.of(StateType.CANCELLED, text)
            .withDetails(
                StateDetails.NONE.with(
                    StateDetails.EXPECTED_STATE_ID, run.state().id().toString()));
    StateTransition answer =
        UntilAvailable.call(
            Submission.TIMEOUT, () -> api.setFlowRunState(run.id(), cancelled, force));
    positions.forget(run.id());
    if (answer.isAccepted()) {
      LOG.info("Cancelled flow run '{}'", run.id());
    }
  }
}
