package dev.sheave.orchestrator.internal.run;

import dev.sheave.api.AgentRecord;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.StateType;
import dev.sheave.api.WorkPoolRecord;
import dev.sheave.api.WorkQueueApi;
import dev.sheave.api.WorkQueueRecord;
import dev.sheave.api.WorkQueueStatus;
import dev.sheave.internal.ShellWord;
import dev.sheave.orchestrator.internal.agent.AgentTable;
import dev.sheave.orchestrator.internal.database.StoreClock;
import dev.sheave.orchestrator.internal.queue.WorkPoolTable;
import dev.sheave.orchestrator.internal.queue.WorkQueueTable;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/** Why runs wait. */
final class WaitReasons {
  /** How many runs or agents a reason names. */
  private static final int MAX_NAMES = 3;

  private WaitReasons() {}

  /** Returns why a run waits; empty if it doesn't, or is about to be taken. */
  static Optional<String> ofRun(Handle handle, UUID id) {
    FlowRunRecord run = FlowRunTable.read(handle, id);
    if (run.state().type() != StateType.SCHEDULED) {
      return Optional.empty();
    }
    UUID queue = run.workQueueId();
    if (queue == null) {
      return Optional.of("It is in no work queue, so no agent takes it.");
    }
    WorkQueueRecord where = WorkQueueTable.read(handle, queue);
    Instant due = run.nextScheduledStartTime();
    if (due == null || !due.isAfter(StoreClock.now(handle))) {
      return ofQueue(handle, where);
    }
    // what is full now may not be then
    return ofPause(where, WorkPoolTable.read(handle, where.workPoolName()))
        .or(
            () ->
                Optional.of(
                    agentsOf(handle, where).isEmpty() && !isAsked(handle, where)
                        ? noAgent(where)
                        : "It is due at " + seconds(due) + "."));
  }

  /** Returns why no run of a queue is taken; empty if there is no reason. */
  static Optional<String> ofQueue(Handle handle, WorkQueueRecord queue) {
    WorkPoolRecord pool = WorkPoolTable.read(handle, queue.workPoolName());
    return ofPause(queue, pool)
        .or(() -> ofLimits(handle, queue, pool))
        .or(() -> ofAgents(handle, queue));
  }

  private static Optional<String> ofPause(WorkQueueRecord queue, WorkPoolRecord pool) {
    if (pool.isPaused()) {
      return Optional.of("The work pool '" + pool.name() + "' is paused.");
    }
    return queue.isPaused()
        ? Optional.of("The work queue '" + queue.name() + "' is paused.")
        : Optional.empty();
  }

  private static Optional<String> ofLimits(
      Handle handle, WorkQueueRecord queue, WorkPoolRecord pool) {
    Integer queueLimit = queue.concurrencyLimit();
    if (queueLimit != null && FlowRunTable.countUnderWay(handle, queue.id()) >= queueLimit) {
      return Optional.of(
          full("queue '" + queue.name(), queueLimit, underWay(handle, "= :id", queue.id())));
    }
    Integer poolLimit = pool.concurrencyLimit();
    if (poolLimit != null && FlowRunTable.countUnderWayInPool(handle, pool.id()) >= poolLimit) {
      return Optional.of(
          full(
              "pool '" + pool.name(),
              poolLimit,
              underWay(
                  handle,
                  "in (select m.id from work_queue m where m.work_pool_id = :id)",
                  pool.id())));
    }
    return Optional.empty();
  }

  private static String full(String what, int limit, List<String> runs) {
    return "The work "
        + what
        + "' has as many runs in progress as its concurrency limit of "
        + limit
        + " allows"
        + (runs.isEmpty() ? "." : ": " + named(runs) + ".");
  }

  private static String named(List<String> names) {
    String some =
        names.stream()
            .limit(MAX_NAMES)
            .map(each -> "'" + each + "'")
            .collect(Collectors.joining(", "));
    return names.size() > MAX_NAMES ? some + " and others" : some;
  }

  private static List<String> underWay(Handle handle, String queues, UUID id) {
    return FlowRunTable.select(
            handle,
            " where r.state_type in ('PENDING', 'RUNNING', 'CANCELLING') and r.work_queue_id "
                + queues
                + " order by r.start_time, r.id limit "
                + (MAX_NAMES + 1),
            query -> query.bind("id", id))
        .stream()
        .map(FlowRunRecord::name)
        .toList();
  }

  private static List<AgentRecord> agentsOf(Handle handle, WorkQueueRecord queue) {
    return AgentTable.alive(handle).stream()
        .filter(agent -> agent.profile().takesFrom(queue))
        .toList();
  }

  private static Optional<String> ofAgents(Handle handle, WorkQueueRecord queue) {
    List<AgentRecord> agents = agentsOf(handle, queue);
    if (!agents.isEmpty()) {
      return agents.stream().allMatch(agent -> agent.room() == 0)
          ? Optional.of(
              "All agents of the work queue '"
                  + queue.name()
                  + "' are full: "
                  + named(agents.stream().map(agent -> agent.profile().name()).toList())
                  + ".")
          : Optional.empty();
    }
    Instant asked = queue.lastPolled();
    return Optional.of(
        asked != null && isAsked(handle, queue)
            ? "Some agent asked the work queue '"
                + queue.name()
                + "' at "
                + seconds(asked)
                + "; it takes the run when it asks again, unless it has ended."
            : noAgent(queue));
  }

  /** Agents of other programs are known by their asking alone. */
  private static boolean isAsked(Handle handle, WorkQueueRecord queue) {
    Instant asked = queue.lastPolled();
    return asked != null
        && asked.plus(WorkQueueStatus.MAX_POLL_AGE).isAfter(StoreClock.now(handle));
  }

  private static String noAgent(WorkQueueRecord queue) {
    Instant asked = queue.lastPolled();
    return "No agent takes runs from the work queue '"
        + queue.name()
        + "'; "
        + (asked == null ? "none ever has" : "the last one was heard at " + seconds(asked))
        + ": start one with 'sheave agent start "
        + (queue.workPoolName().equals(WorkQueueApi.DEFAULT_POOL)
            ? ""
            : "-p " + ShellWord.of(queue.workPoolName()) + " ")
        + "-q "
        + ShellWord.of(queue.name())
        + "'.";
  }

  private static Instant seconds(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS);
  }
}
