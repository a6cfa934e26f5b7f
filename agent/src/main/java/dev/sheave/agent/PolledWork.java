package dev.sheave.agent;

import dev.sheave.api.FlowRunApi;
import dev.sheave.api.FlowRunFilter;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.State;
import dev.sheave.api.StateTransition;
import dev.sheave.api.StateType;
import dev.sheave.api.internal.UntilAvailable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Work from a server that is asked for it from time to time, such as the reference's. Runs are
 * claimed one by one, without a lease.
 */
final class PolledWork implements AgentWork.Source {
  private static final Logger LOG = LoggerFactory.getLogger(Agent.class);

  /** How many runs are taken from a queue at a time. */
  private static final int BATCH = 20;

  /** How often runs are looked for whose agent has died. */
  private static final Duration CHECK_INTERVAL = Duration.ofSeconds(20);

  /** How long a run that waits to be tried again is left to the process that failed. */
  private static final Duration RETRY_IN_PROCESS = Duration.ofSeconds(30);

  private static final FlowRunFilter CANCELLING =
      FlowRunFilter.ALL.withStateTypes(Set.of(StateType.CANCELLING));
  private static final FlowRunFilter CANCELLING_AS_OLDER_CLIENTS_SAY =
      FlowRunFilter.ALL
          .withStateTypes(Set.of(StateType.CANCELLED))
          .withStateNames(Set.of("Cancelling"));
  private static final FlowRunFilter UNDER_WAY =
      FlowRunFilter.ALL.withStateTypes(Set.of(StateType.PENDING, StateType.RUNNING));

  private final FlowRunApi api;
  private final AgentQueues queues;
  private final ActiveRuns active;
  private long nextCheck = System.nanoTime();

  PolledWork(FlowRunApi api, AgentQueues queues, ActiveRuns active) {
    this.api = api;
    this.queues = queues;
    this.active = active;
  }

  /** A run that is due, and the priority of its queue. */
  private record Due(int priority, FlowRunRecord run) {
    private static final Comparator<Due> ORDER =
        Comparator.comparingInt(Due::priority)
            .thenComparing(
                due -> due.run.nextScheduledStartTime(),
                Comparator.nullsFirst(Comparator.naturalOrder()));
  }

  @Override
  public void begin() {}

  @Override
  public Optional<AgentWork> await(
      int room, Duration prefetch, Duration atMost, BooleanSupplier isNews) {
    active.awaitChange(atMost);
    return Optional.of(next(room, prefetch));
  }

  @Override
  public AgentWork next(int room, Duration prefetch) {
    queues.refresh();
    List<FlowRunRecord> cancelling = new ArrayList<>(queues.runs(CANCELLING));
    cancelling.addAll(queues.runs(CANCELLING_AS_OLDER_CLIENTS_SAY));
    List<FlowRunRecord> abandoned = List.of();
    if (System.nanoTime() - nextCheck >= 0) {
      nextCheck = System.nanoTime() + CHECK_INTERVAL.toNanos();
      abandoned =
          queues.runs(UNDER_WAY).stream().filter(run -> !active.contains(run.id())).toList();
    }
    return new AgentWork(take(room, Instant.now().plus(prefetch)), Set.of(), cancelling, abandoned);
  }

  /** Takes due runs, by the priority of their queues and then by their time. */
  private List<FlowRunRecord> take(int room, Instant dueBefore) {
    List<FlowRunRecord> taken = new ArrayList<>();
    if (room > 0) {
      List<Due> due = new ArrayList<>();
      queues.forEach(
          queue ->
              queues
                  .due(queue, Math.min(BATCH, room), dueBefore)
                  .forEach(run -> due.add(new Due(queue.priority(), run))));
      due.sort(Due.ORDER);
      for (Due each : due) {
        if (taken.size() < room && !active.contains(each.run.id()) && claim(each.run)) {
          taken.add(each.run);
        }
      }
    }
    return taken;
  }

  /** Returns whether a run was taken; another agent may have been faster. */
  private boolean claim(FlowRunRecord run) {
    if (isTriedAgainByItsProcess(run)) {
      return false;
    }
    State claim = Claim.state(); // asked for again, it gets the answer that was lost
    StateTransition answer =
        UntilAvailable.call(Submission.TIMEOUT, () -> api.setFlowRunState(run.id(), claim, false));
    if (!answer.isAccepted()) {
      LOG.debug("Flow run '{}' isn't executed here: {}", run.id(), answer.reason());
    }
    return answer.isAccepted();
  }

  private static boolean isTriedAgainByItsProcess(FlowRunRecord run) {
    Instant due = run.nextScheduledStartTime();
    return run.state().name().equals("AwaitingRetry")
        && run.infrastructurePid() != null
        && due != null
        && due.plus(RETRY_IN_PROCESS).isAfter(Instant.now());
  }

  @Override
  public void leave() {}
}
