package dev.sheave.agent;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.AgentApi;
import dev.sheave.api.FlowRunApi;
import dev.sheave.api.FlowRunApi.FlowRunUpdate;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.RunFence;
import dev.sheave.api.RunLease;
import dev.sheave.api.State;
import dev.sheave.api.StateDetails;
import dev.sheave.api.StateType;
import dev.sheave.infrastructure.RunningInfrastructure;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to runs whose agent died: nobody else would record how they end, follow those that go on,
 * and put those back that it took and never started. A run with a lease is adopted when the lease
 * has ended, or its owner has for certain: whoever takes its next epoch sees to it, and the others
 * leave it. Runs without a lease, of agents on other hosts, are left alone until what executes them
 * is known to have ended; it isn't known whether those agents are gone.
 */
final class DeadRunDetector {
  private static final Logger LOG = LoggerFactory.getLogger(Agent.class);

  private static final Duration INTERVAL = Duration.ofSeconds(15);
  private static final int THREADS = 8;
  private static final Set<StateType> UNDER_WAY = Set.of(StateType.PENDING, StateType.RUNNING);

  private final FlowRunApi api;
  private final AgentApi agents;
  private final AgentIdentity identity;
  private final InfrastructureResolver infrastructure;
  private final ActiveRuns active;
  private final Submission submission;
  private final OutputPositions positions;

  /** Ended runs that their agent, which lives, has not recorded so far. */
  private final Set<UUID> unrecorded = ConcurrentHashMap.newKeySet();

  /** When runs were looked at. */
  private final Map<UUID, Long> looks = new ConcurrentHashMap<>();

  DeadRunDetector(
      FlowRunApi api,
      AgentApi agents,
      AgentIdentity identity,
      InfrastructureResolver infrastructure,
      ActiveRuns active,
      Submission submission,
      OutputPositions positions) {
    this.api = api;
    this.agents = agents;
    this.identity = identity;
    this.infrastructure = infrastructure;
    this.active = active;
    this.submission = submission;
    this.positions = positions;
  }

  /**
   * Sees to those among some runs under way that nobody else sees to; to each from time to time.
   *
   * @param hasLapsed whether the leases that they have are known to have ended
   * @param follows whether to follow those that go on, as long as they do
   */
  void check(List<FlowRunRecord> runs, boolean hasLapsed, boolean follows) {
    long now = System.nanoTime();
    Set<UUID> ids = runs.stream().map(FlowRunRecord::id).collect(Collectors.toSet());
    unrecorded.retainAll(ids);
    looks.keySet().retainAll(ids);
    List<Callable<Object>> checks = new ArrayList<>();
    for (FlowRunRecord run : runs) {
      Long last = looks.get(run.id());
      if (!active.contains(run.id())
          && (last == null || now - last >= INTERVAL.toNanos())
          && isLost(run, hasLapsed)) {
        looks.put(run.id(), now);
        checks.add(Executors.callable(() -> check(run, follows)));
      }
    }
    if (!checks.isEmpty()) {
      inParallel(checks);
    }
  }

  /** Those without a lease are looked at. */
  private boolean isLost(FlowRunRecord run, boolean hasLapsed) {
    RunLease lease = run.lease();
    return lease == null || hasLapsed || isOwn(lease) || Claim.of(api, run).isOrphaned();
  }

  private boolean isOwn(RunLease lease) {
    return lease.owner().equals(identity.id());
  }

  /** Each may take a while: infrastructure is asked. */
  private static void inParallel(List<Callable<Object>> checks) {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS, Workers::thread);
    try {
      for (Future<Object> each : threads.invokeAll(checks)) {
        each.get();
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof SheaveException unavailable) {
        throw unavailable;
      }
      throw new IllegalStateException("the check for dead runs failed", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SheaveException(
          Code.INTERRUPTED, "The agent was interrupted; its runs continue without it.", e);
    } finally {
      threads.shutdown();
    }
  }

  private void check(FlowRunRecord run, boolean follows) {
    Claim claim = Claim.of(api, run);
    boolean isOrphaned = run.lease() != null || claim.isOrphaned();
    String pid = run.infrastructurePid();
    if (pid == null && !isOrphaned) {
      return; // its agent starts it now
    }
    boolean isFollowed = isOrphaned && follows;
    RunOutput output = isFollowed ? submission.restOfOutputOf(run.id()) : RunOutput.NONE;
    RunningInfrastructure found;
    try {
      found =
          infrastructure
              .ofStarted(run, claim.attempt(), output)
              .attach(pid, isFollowed ? positions.noted(run.id()) : null);
    } catch (SheaveException e) {
      if (e.code() != Code.NOT_FOUND) {
        LOG.debug("Flow run '{}' is left to others: {}", run.id(), e.getMessage());
      } else if (pid == null) {
        own(run).ifPresent(this::putBack);
      } else {
        own(run).ifPresent(each -> end(each, pid));
      }
      return;
    } catch (RuntimeException | LinkageError e) { // of an infrastructure block; the agent goes on
      LOG.warn("What became of flow run '{}' can't be seen.", run.id(), e);
      return;
    }
    boolean hasEnded = found.ended().toCompletableFuture().isDone();
    boolean isLeft = !hasEnded && !isFollowed;
    if (run.lease() == null && hasEnded && claim.isHeld() && unrecorded.add(run.id())) {
      isLeft = true; // its agent is about to record it
    }
    Optional<FlowRunRecord> own = isLeft && run.lease() != null ? Optional.empty() : own(run);
    if (pid == null && own.isPresent()) {
      LOG.info("Flow run '{}' is executed by {}.", run.id(), found.pid());
      api.updateFlowRun(
          run.id(),
          FlowRunUpdate.NONE
              .withInfrastructurePid(found.pid())
              .with(RunFence.ofOwner(own.get().lease())));
    }
    if (!isLeft && isFollowed && own.isEmpty()) {
      own = endedMeanwhile(run);
    }
    if (isLeft || own.isEmpty()) {
      found.close();
    } else {
      submission.adopt(own.get(), found);
    }
  }

  /** Returns a run that can't be adopted since it has ended: its output goes on to its own end. */
  private Optional<FlowRunRecord> endedMeanwhile(FlowRunRecord run) {
    FlowRunRecord now = api.readFlowRun(run.id());
    return now.state().type().isTerminal() && now.lease() == null
        ? Optional.of(now)
        : Optional.empty();
  }

  /** Makes a run that has a lease this agent's; empty if another one was faster. */
  private Optional<FlowRunRecord> own(FlowRunRecord run) {
    RunLease lease = run.lease();
    if (lease == null || isOwn(lease)) {
      return Optional.of(run);
    }
    Optional<FlowRunRecord> own =
        agents.adopt(run.id(), lease.epoch(), identity.id(), SyncedWork.LEASE);
    own.ifPresent(each -> LOG.info("Adopted flow run '{}' of {}.", run.id(), lease.owner()));
    return own;
  }

  private void end(FlowRunRecord seen, String pid) {
    FlowRunRecord now = api.readFlowRun(seen.id()); // it may have ended between the two looks
    if (UNDER_WAY.contains(now.state().type()) && Objects.equals(now.infrastructurePid(), pid)) {
      LOG.warn("The infrastructure of flow run '{}' ({}) no longer exists.", seen.id(), pid);
      propose(now, State.of(StateType.CRASHED, Submission.ENDED_WITH_AGENT));
    }
  }

  private void putBack(FlowRunRecord run) {
    if (run.state().type() != StateType.PENDING) {
      return; // its process is about to say which it is
    }
    // one that appears after all finds another state, or attempt, than it was started for
    LOG.warn("The agent that took flow run '{}' died before it started it.", run.id());
    Instant due = run.state().stateDetails().scheduledTime();
    propose(
        run,
        State.of(StateType.SCHEDULED, "The agent that took this run died before it could start it.")
            .withDetails(due == null ? StateDetails.NONE : StateDetails.scheduledAt(due)));
  }

  /** Another agent may have been faster. */
  private void propose(FlowRunRecord seen, State state) {
    api.setFlowRunState(
        seen.id(),
        state.withDetails(
            state
                .stateDetails()
                .with(StateDetails.EXPECTED_STATE_ID, seen.state().id().toString())
                .with(RunFence.ofOwner(seen.lease()))),
        false);
  }
}
