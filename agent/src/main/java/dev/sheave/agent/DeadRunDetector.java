package dev.sheave.agent;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.FlowRunApi;
import dev.sheave.api.FlowRunApi.FlowRunSort;
import dev.sheave.api.FlowRunFilter;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.Page;
import dev.sheave.api.State;
import dev.sheave.api.StateType;
import dev.sheave.infrastructure.ProcessInfrastructure;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds runs whose agent died and whose process died afterwards, since nothing else would end them.
 * Only processes on this machine are checked, since those on others can't be seen.
 */
final class DeadRunDetector {
  private static final Logger LOG = LoggerFactory.getLogger(Agent.class);

  private static final Duration INTERVAL = Duration.ofSeconds(20);
  private static final Set<StateType> UNDER_WAY = Set.of(StateType.PENDING, StateType.RUNNING);

  private final FlowRunApi api;
  private final ActiveRuns active;
  private final FlowRunFilter underWay;
  private final ProcessInfrastructure processes = ProcessInfrastructure.builder().build();
  private long nextCheck = System.nanoTime();

  DeadRunDetector(FlowRunApi api, ActiveRuns active, Set<String> queues) {
    this.api = api;
    this.active = active;
    this.underWay = FlowRunFilter.ALL.withWorkQueueNames(queues).withStateTypes(UNDER_WAY);
  }

  /** Looks for such runs if it is time, and ends them. */
  void check() {
    long now = System.nanoTime();
    if (now - nextCheck < 0) {
      return;
    }
    nextCheck = now + INTERVAL.toNanos();
    for (FlowRunRecord run : api.listFlowRuns(underWay, FlowRunSort.CREATED_DESC, Page.FIRST)) {
      String pid = run.infrastructurePid();
      if (pid != null && !active.contains(run.id()) && isGone(run, pid)) {
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
      api.setFlowRunState(
          seen.id(),
          State.of(
              StateType.CRASHED,
              "Flow run infrastructure ended before the run did, and so did its agent."),
          false);
    }
  }
}
