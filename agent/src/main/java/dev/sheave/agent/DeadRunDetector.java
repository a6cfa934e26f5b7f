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
import dev.sheave.infrastructure.ProcessInfrastructure;
import dev.sheave.internal.ProcessIdentity.Fate;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds runs whose agent died: nobody else would end those whose process is gone, record which
 * process executes those of which that isn't known, and put those back that it took and never
 * started. Agents and processes of this machine only; of others it isn't known whether they are
 * gone.
 */
final class DeadRunDetector {
  private static final Logger LOG = LoggerFactory.getLogger(Agent.class);

  private static final Duration INTERVAL = Duration.ofSeconds(20);
  private static final Set<StateType> UNDER_WAY = Set.of(StateType.PENDING, StateType.RUNNING);

  private final FlowRunApi api;
  private final Path home;
  private final ActiveRuns active;
  private final FlowRunFilter underWay;
  private final ProcessInfrastructure processes = ProcessInfrastructure.builder().build();
  private long nextCheck = System.nanoTime();

  DeadRunDetector(FlowRunApi api, Path home, ActiveRuns active, Set<String> queues) {
    this.api = api;
    this.home = home;
    this.active = active;
    this.underWay = FlowRunFilter.ALL.withWorkQueueNames(queues).withStateTypes(UNDER_WAY);
  }

  /** Looks for such runs if it is time, and sees to them. */
  void check() {
    long now = System.nanoTime();
    if (now - nextCheck < 0) {
      return;
    }
    nextCheck = now + INTERVAL.toNanos();
    for (FlowRunRecord run : api.listAllFlowRuns(underWay)) {
      if (active.contains(run.id())) {
        continue;
      }
      String pid = run.infrastructurePid();
      if (pid == null) {
        checkUnnamed(run);
      } else if (isGone(run, pid)) {
        end(run, pid);
      }
    }
  }

  private boolean isGone(FlowRunRecord run, String pid) {
    try {
      processes.attach(run.id(), pid);
      return false;
    } catch (SheaveException e) {
      return e.code() == Code.NOT_FOUND; // otherwise it is out of reach, or no process at all
    }
  }

  private void end(FlowRunRecord seen, String pid) {
    FlowRunRecord now = api.readFlowRun(seen.id()); // it may have ended between the two looks
    if (UNDER_WAY.contains(now.state().type()) && Objects.equals(now.infrastructurePid(), pid)) {
      LOG.warn("The process of flow run '{}' ({}) no longer exists.", seen.id(), pid);
      propose(
          now,
          State.of(
              StateType.CRASHED,
              "Flow run infrastructure ended before the run did, and so did its agent."));
    }
  }

  /** A run of which no process is recorded, because its agent starts it now, or died doing so. */
  private void checkUnnamed(FlowRunRecord run) {
    if (Claim.fateOfAgent(api, run.id()).orElse(Fate.UNKNOWN) != Fate.GONE) {
      return;
    }
    Optional<String> pid = ProcessInfrastructure.findStarted(home, run.id());
    if (pid.isPresent()) {
      LOG.info("Flow run '{}' is executed by the process {}.", run.id(), pid.get());
      api.updateFlowRun(run.id(), FlowRunUpdate.NONE.withInfrastructurePid(pid.get()));
      if (isGone(run, pid.get())) {
        end(run, pid.get());
      }
    } else if (run.state().type() == StateType.PENDING) {
      // a process that appears after all finds another state than it was started for
      LOG.warn("The agent that took flow run '{}' died before it started it.", run.id());
      Instant due = run.state().stateDetails().scheduledTime();
      propose(
          run,
          State.of(
                  StateType.SCHEDULED,
                  "The agent that took this run died before it could start it.")
              .withDetails(StateDetails.scheduledAt(due == null ? Instant.now() : due)));
    }
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
