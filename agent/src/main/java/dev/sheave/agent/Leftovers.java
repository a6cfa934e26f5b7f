package dev.sheave.agent;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.FlowRunApi;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.infrastructure.RunningInfrastructure;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is left of runs that have ended by agents of this home that were killed before they could
 * remove it. The home names the runs that its agents see to. What they haven't shown of the output
 * is shown.
 */
final class Leftovers {
  /** How often it is looked for. */
  private static final Duration INTERVAL = Duration.ofMinutes(1);

  /** How long nothing was noted of a run that nobody sees to any more. */
  private static final Duration UNTOUCHED = Duration.ofMinutes(1);

  private static final Logger LOG = LoggerFactory.getLogger(Agent.class);

  /** The run was deleted, nothing is left of it, or what is left is another's. */
  private static final Set<Code> GONE = Set.of(Code.NOT_FOUND, Code.OUT_OF_REACH);

  private final FlowRunApi api;
  private final InfrastructureResolver infrastructure;
  private final ActiveRuns active;
  private final Submission submission;
  private final OutputPositions positions;
  private final AtomicBoolean isLooking = new AtomicBoolean();
  private long next = System.nanoTime();

  Leftovers(
      FlowRunApi api,
      InfrastructureResolver infrastructure,
      ActiveRuns active,
      Submission submission,
      OutputPositions positions) {
    this.api = api;
    this.infrastructure = infrastructure;
    this.active = active;
    this.submission = submission;
    this.positions = positions;
  }

  /** Removes it in the background, if it is time. */
  void check() {
    if (System.nanoTime() - next >= 0 && isLooking.compareAndSet(false, true)) {
      next = System.nanoTime() + INTERVAL.toNanos();
      Workers.thread(
              () -> {
                try {
                  positions.untouchedFor(UNTOUCHED).forEach(this::removeIfEnded);
                } finally {
                  isLooking.set(false);
                }
              })
          .start();
    }
  }

  private void removeIfEnded(UUID id) {
    if (active.contains(id)) {
      return;
    }
    try {
      FlowRunRecord run = api.readFlowRun(id);
      if (run.state().type().isTerminal() && run.lease() == null) {
        remove(run);
      }
    } catch (SheaveException e) {
      if (GONE.contains(e.code())) {
        positions.forget(id);
      } else {
        LOG.debug("What is left of flow run '{}' can't be removed: {}", id, e.getMessage());
      }
    } catch (RuntimeException | LinkageError e) { // of an infrastructure block
      LOG.warn("What is left of flow run '{}' can't be removed.", id, e);
    }
  }

  private void remove(FlowRunRecord run) {
    try (RunningInfrastructure found =
        infrastructure
            .ofStarted(run, Claim.attempt(api, run), submission.restOfOutputOf(run.id()))
            .attach(run.infrastructurePid(), positions.noted(run.id()))) {
      if (found.ended().toCompletableFuture().isDone()) {
        found.remove();
        positions.forget(run.id());
        LOG.info("Removed what was left of flow run '{}' ({})", run.id(), found.pid());
      }
    }
  }
}
