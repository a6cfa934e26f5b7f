package dev.sheave.orchestrator.internal.run;

import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.WorkPoolRecord;
import dev.sheave.api.WorkQueueRecord;
import dev.sheave.orchestrator.internal.database.StoreClock;
import dev.sheave.orchestrator.internal.run.FlowRunTable.Waiting;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntSupplier;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The runs that may be taken, up to the limits of queues and pools.
 *
 * @param after only those that are due then or later; null for all
 * @param before only those that are due by then
 * @param limit how many at most
 * @param use what they are looked for
 */
record WaitingRuns(@Nullable Instant after, Instant before, int limit, Use use) {
  /** How long a run that waits to be tried again is left to the process that failed. */
  static final Duration RETRY_IN_PROCESS = Duration.ofSeconds(30);

  /** What they are looked for. */
  enum Use {
    /** To be shown, or claimed by a transition later. */
    VIEW,
    /** To know whether there are any to claim. */
    LOOK,
    /** To be claimed in this transaction. */
    CLAIM
  }

  /** A run, and the priority of its queue. */
  private record Candidate(Waiting waiting, int priority) {
    Instant due() {
      Instant due = waiting.run().nextScheduledStartTime();
      return due == null ? Instant.MAX : due;
    }
  }

  /** Returns those of some queues of a pool, by priority and then due time. */
  List<FlowRunRecord> read(Handle handle, WorkPoolRecord pool, List<WorkQueueRecord> queues) {
    return read(handle, pool, queues, StoreClock.now(handle));
  }

  /** As {@link #read(Handle, WorkPoolRecord, List)}, by a time that was read before. */
  List<FlowRunRecord> read(
      Handle handle, WorkPoolRecord pool, List<WorkQueueRecord> queues, Instant now) {
    return readToClaim(handle, pool, queues, now).stream().map(Waiting::run).toList();
  }

  /** As {@link #read(Handle, WorkPoolRecord, List, Instant)}, with what their leases need. */
  List<Waiting> readToClaim(
      Handle handle, WorkPoolRecord pool, List<WorkQueueRecord> queues, Instant now) {
    int room =
        room(pool.concurrencyLimit(), () -> FlowRunTable.countUnderWayInPool(handle, pool.id()));
    if (pool.isPaused() || room <= 0) {
      return List.of();
    }
    List<Candidate> candidates = new ArrayList<>();
    for (WorkQueueRecord queue : queues) {
      int inQueue =
          room(queue.concurrencyLimit(), () -> FlowRunTable.countUnderWay(handle, queue.id()));
      if (!queue.isPaused() && inQueue > 0) {
        FlowRunTable.due(handle, queue.id(), this, Math.min(room, inQueue), now)
            .forEach(run -> candidates.add(new Candidate(run, queue.priority())));
      }
    }
    // the sort is stable, and queues hand out runs of one time in the order they were created
    candidates.sort(Comparator.comparingInt(Candidate::priority).thenComparing(Candidate::due));
    return candidates.stream().limit(room).map(Candidate::waiting).toList();
  }

  private int room(@Nullable Integer concurrencyLimit, IntSupplier active) {
    return concurrencyLimit == null ? limit : Math.min(limit, concurrencyLimit - active.getAsInt());
  }
}
