package dev.sheave.orchestrator.internal.run;

import dev.sheave.api.FlowRunRecord;
import dev.sheave.orchestrator.internal.database.Row;
import dev.sheave.orchestrator.internal.database.StoreClock;
import dev.sheave.orchestrator.internal.database.Times;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/**
 * The runs of an agent, and what it has to know of those of others.
 *
 * @param owner the agent's id
 * @param known the runs that it knows to be its own
 */
record HeldRuns(String owner, Set<UUID> known) {
  /** How many runs of others an agent is told of at once. */
  private static final int MAX_OTHERS = 200;

  /** The longest time until a look finds something that nobody has changed. */
  private static final Duration LONGEST = Duration.ofMinutes(1);

  private static final String UNDER_WAY = "state_type in ('PENDING', 'RUNNING', 'CANCELLING')";

  /** Returns the runs that are the agent's and that it doesn't know. */
  List<FlowRunRecord> unknown(Handle handle) {
    return FlowRunTable.select(
            handle,
            " where r.lease_owner = :owner and r." + UNDER_WAY + " order by r.id",
            query -> query.bind("owner", owner))
        .stream()
        .filter(run -> !known.contains(run.id()))
        .toList();
  }

  /** Returns the runs that the agent knows and that aren't its own, though they aren't over. */
  Set<UUID> lost(Handle handle) {
    Set<UUID> lost = new LinkedHashSet<>();
    if (!known.isEmpty()) {
      handle
          .createQuery(
              "select id from flow_run where id in (<known>) and (lease_owner is null"
                  + " or lease_owner <> :owner)"
                  + " and state_type not in ('COMPLETED', 'FAILED', 'CRASHED', 'CANCELLED')")
          .bindList("known", known.stream().map(UUID::toString).toList())
          .bind("owner", owner)
          .map((row, context) -> new Row(row).id("id"))
          .forEach(lost::add);
    }
    return lost;
  }

  /**
   * Returns runs of some queues that are to be cancelled, and those that were called cancelled
   * though nobody could reach what executes them. Those whose queue was deleted meanwhile are
   * everybody's.
   */
  static List<FlowRunRecord> cancelling(Handle handle, Collection<UUID> queues) {
    return ofQueues(
        handle,
        queues,
        "(r.state_type = 'CANCELLING' or (r.state_type = 'CANCELLED'"
            + " and (r.state_name = 'Cancelling' or r.lease_owner is not null)))",
        query -> query);
  }

  /** Returns runs of some queues, or of a deleted one, that are under way and nobody's. */
  static List<FlowRunRecord> abandoned(
      Handle handle, Collection<UUID> queues, Instant now, Set<UUID> known) {
    return ofQueues(
            handle,
            queues,
            "r.state_type in ('PENDING', 'RUNNING') and (r.lease_end is null"
                + " or r.lease_end < :now)",
            query -> query.bind("now", now))
        .stream()
        .filter(run -> !known.contains(run.id()))
        .toList();
  }

  private static List<FlowRunRecord> ofQueues(
      Handle handle, Collection<UUID> queues, String condition, UnaryOperator<Query> values) {
    if (queues.isEmpty()) {
      return List.of();
    }
    return FlowRunTable.select(
        handle,
        " where (r.work_queue_id in (<queues>)"
            + " or (r.work_queue_id is null and r.lease_owner is not null)) and "
            + condition
            + " order by r.state_type desc, r.id limit "
            + MAX_OTHERS,
        query ->
            values.apply(query).bindList("queues", queues.stream().map(UUID::toString).toList()));
  }

  /**
   * Returns how long it is until a run of some queues is due, or its lease ends.
   *
   * @param before runs that are due until then are due now
   */
  static Duration untilNext(Handle handle, Collection<UUID> queues, Instant now, Instant before) {
    if (queues.isEmpty()) {
      return LONGEST;
    }
    Optional<Instant> due =
        earliest(
            handle,
            queues,
            "select min(next_scheduled_start_time) as next from flow_run"
                + " where work_queue_id in (<queues>) and state_type = 'SCHEDULED'"
                + " and next_scheduled_start_time > :after",
            before);
    Optional<Instant> end =
        earliest(
            handle,
            queues,
            "select min(lease_end) as next from flow_run where work_queue_id in (<queues>)"
                + " and lease_end > :after",
            now);
    Duration next = LONGEST;
    if (due.isPresent()) {
      next = shorter(next, Duration.between(before, due.get()));
    }
    if (end.isPresent()) {
      next = shorter(next, Duration.between(now, end.get()));
    }
    return next.plusMillis(1);
  }

  private static Optional<Instant> earliest(
      Handle handle, Collection<UUID> queues, String query, Instant after) {
    return handle
        .createQuery(query)
        .bindList("queues", queues.stream().map(UUID::toString).toList())
        .bind("after", after)
        .map((row, context) -> Optional.ofNullable(new Row(row).timeOrNull("next")))
        .one();
  }

  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }

  /** Returns whether a lease of an owner ends before a moment. */
  static boolean isLeaseShort(Handle handle, String owner, Instant soon) {
    return handle
        .createQuery(
            "select count(*) from flow_run where lease_owner = :owner and lease_end < :soon")
        .bind("owner", owner)
        .bind("soon", soon)
        .map((row, context) -> row.getInt(1) > 0)
        .one();
  }

  /** Makes a run another's, unless it has become one's meanwhile. */
  static Optional<FlowRunRecord> adopt(
      Handle handle, UUID run, int epoch, String owner, Duration lease) {
    FlowRunTable.checkExists(handle, run);
    Instant now = StoreClock.now(handle);
    int adopted =
        handle
            .createUpdate(
                "update flow_run set lease_owner = :owner, lease_epoch = lease_epoch + 1,"
                    + " lease_end = :end, agent_heard = :now where id = :id"
                    + " and lease_epoch = :epoch and lease_owner is not null and "
                    + UNDER_WAY)
            .bind("owner", owner)
            .bind("end", Times.exact(now.plus(lease)))
            .bind("now", now)
            .bind("id", run)
            .bind("epoch", epoch)
            .execute();
    return adopted == 0 ? Optional.empty() : Optional.of(FlowRunTable.read(handle, run));
  }
}
