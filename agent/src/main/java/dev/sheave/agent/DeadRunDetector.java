package dev.sheave.agent;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.FlowRunApi;
import dev.sheave.api.FlowRunApi.FlowRunUpdate;
import dev.sheave.api.FlowRunFilter;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.State;
import dev.sheave.api.StateDetails;
import dev.sheave.api.StateType;
import dev.sheave.infrastructure.RunningInfrastructure;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds runs whose agent died: nobody else would record how they end, follow those that go on, and
 * put those back that it took and never started. Runs of agents on other hosts are left alone until
 * what executes them is known to have ended; it isn't known whether those agents are gone.
 */
final class DeadRunDetector {
  private static final Logger LOG = LoggerFactory.getLogger(Agent.class);

  private static final Duration INTERVAL = Duration.ofSeconds(20);
  private static final int THREADS = 8;
  private static final Set<StateType> UNDER_WAY = Set.of(StateType.PENDING, StateType.RUNNING);

  private final FlowRunApi api;
  private final InfrastructureResolver infrastructure;
  private final ActiveRuns active;
  private final Submission submission;
  private final OutputPositions positions;
  private final FlowRunFilter underWay;

  /** Ended runs that their agent, which lives, has not recorded so far. */
  private Set<UUID> unrecorded = ConcurrentHashMap.newKeySet();

  private long nextCheck = System.nanoTime();

  DeadRunDetector(
      FlowRunApi api,
      InfrastructureResolver infrastructure,
      ActiveRuns active,
      Submission submission,
      OutputPositions positions,
      Set<String> queues) {
    this.api = api;
    this.infrastructure = infrastructure;
    this.active = active;
    this.submission = submission;
    this.positions = positions;
    this.underWay = FlowRunFilter.ALL.withWorkQueueNames(queues).withStateTypes(UNDER_WAY);
  }

  /**
   * Looks for such runs if it is time, and sees to them.
   *
   * @param follows whether to follow those that go on, as long as they do
   */
  void check(boolean follows) {
    long now = System.nanoTime();
    if (now - nextCheck < 0) {
      return;
    }
    nextCheck = now + INTERVAL.toNanos();
    Set<UUID> before = unrecorded;
    unrecorded = ConcurrentHashMap.newKeySet();
    List<Callable<Object>> checks = new ArrayList<>();
    for (FlowRunRecord run : api.listAllFlowRuns(underWay)) {
      if (!active.contains(run.id())) {
        checks.add(Executors.callable(() -> check(run, follows, before)));
      }
    }
    if (!checks.isEmpty()) {
      inParallel(checks);
    }
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

  private void check(FlowRunRecord run, boolean follows, Set<UUID> unrecordedBefore) {
    Claim claim = Claim.of(api, run.id());
    String pid = run.infrastructurePid();
    if (pid == null && !claim.isOrphaned()) {
      return; // its agent starts it now
    }
    boolean isAdopted = claim.isOrphaned() && follows;
    RunOutput output = isAdopted ? submission.outputOf(run.id()) : RunOutput.NONE;
    RunningInfrastructure found;
    try {
      found =
          infrastructure
              .ofStarted(run, claim.attempt(), output)
              .attach(pid, isAdopted ? positions.noted(run.id()) : null);
    } catch (SheaveException e) {
      if (e.code() != Code.NOT_FOUND) {
        LOG.debug("Flow run '{}' is left to others: {}", run.id(), e.getMessage());
      } else if (pid == null) {
        putBack(run);
      } else {
        end(run, pid);
      }
      return;
    } catch (RuntimeException | LinkageError e) { // of an infrastructure block; the agent goes on
      LOG.warn("What became of flow run '{}' can't be seen.", run.id(), e);
      return;
    }
    if (pid == null) {
      LOG.info("Flow run '{}' is executed by {}.", run.id(), found.pid());
      api.updateFlowRun(run.id(), FlowRunUpdate.NONE.withInfrastructurePid(found.pid()));
    }
    boolean hasEnded = found.ended().toCompletableFuture().isDone();
    if (hasEnded && claim.isHeld() && !unrecordedBefore.contains(run.id())) {
      unrecorded.add(run.id()); // its agent is about to
      found.close();
    } else if (hasEnded || isAdopted) {
      submission.adopt(run, found);
    } else {
      found.close();
    }
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
    // one that appears after all finds another state than it was started for
    LOG.warn("The agent that took flow run '{}' died before it started it.", run.id());
    Instant due = run.state().stateDetails().scheduledTime();
    propose(
        run,
        State.of(StateType.SCHEDULED, "The agent that took this run died before it could start it.")
            .withDetails(StateDetails.scheduledAt(due == null ? Instant.now() : due)));
  }

  /** Another agent may have been faster. */
  private void propose(FlowRunRecord seen, State state) {
    api.setFlowRunState(
        seen.id(),
        state.withDetails(
            state
                .stateDetails()
                .with(StateDetails.EXPECTED_STATE_ID, seen.state().id().toString())),
        false);
  }
}
