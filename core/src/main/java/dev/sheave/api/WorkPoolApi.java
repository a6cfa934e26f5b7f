package dev.sheave.api;

import dev.sheave.SheaveException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Work pools and their queues. A pool is named by its name, which never changes.
 *
 * <p>A missing pool throws {@link SheaveException.Code#NOT_FOUND}. Safe for use by several threads.
 */
public interface WorkPoolApi {
  /** The type of pools whose runs agents take. */
  String AGENT_TYPE = "prefect-agent";

  /**
   * Creates a pool, with a queue named {@code default}.
   *
   * @throws SheaveException {@code ALREADY_EXISTS} if the name is taken; {@code PERMISSION_DENIED}
   *     for names that begin with "Prefect"; {@code INVALID} for other bad names and negative
   *     limits
   */
  WorkPoolRecord createWorkPool(NewWorkPool pool);

  /** Finds a pool. The default one is created if it doesn't exist. */
  Optional<WorkPoolRecord> findWorkPool(String name);

  /** Lists pools by name. */
  List<WorkPoolRecord> listWorkPools(WorkPoolFilter filter, Page page);

  /** Changes a pool. */
  void updateWorkPool(String name, WorkPoolUpdate update);

  /**
   * Deletes a pool with its queues. Their waiting runs stay, without a queue.
   *
   * @throws SheaveException {@code PERMISSION_DENIED} for the default pool
   */
  void deleteWorkPool(String name);

  /**
   * Creates a queue in a pool. Queues of its priority or a lower one move back if its priority is
   * taken.
   *
   * @throws SheaveException {@code ALREADY_EXISTS} if the name is taken
   */
  WorkQueueRecord createWorkQueue(String pool, NewWorkQueue queue);

  /** Finds a queue of a pool. */
  Optional<WorkQueueRecord> findWorkQueue(String pool, String name);

  /** Lists the queues of a pool by priority. */
  List<WorkQueueRecord> listWorkQueues(String pool, WorkQueueFilter filter, Page page);

  /**
   * Returns the runs that may be taken from a pool: scheduled and due runs by the priority of their
   * queues, then due time, up to the limits of the pool and its queues; none if it is paused. A run
   * is taken by an accepted transition to pending.
   *
   * @param queues the names of the queues; empty for all
   * @param scheduledAfter only runs that are due then or later; null for all
   * @param scheduledBefore only runs that are due by then
   * @param limit the maximum number of runs
   */
  List<FlowRunRecord> readRunsOfWorkPool(
      String pool,
      Set<String> queues,
      @Nullable Instant scheduledAfter,
      Instant scheduledBefore,
      int limit);

  /**
   * Claims runs that may be taken from a pool, in the order of {@link #readRunsOfWorkPool}: in one
   * transaction each of them becomes Pending, and its lease the owner's. Nobody else gets them, and
   * limits hold, however many claim at once. An owner that missed the answer finds its runs by
   * {@link FlowRunFilter#leaseOwner()}.
   *
   * @param queues the names of the queues; empty for all
   * @return the runs that are the owner's now, Pending
   * @see FlowRunApi#renewLeases
   */
  List<FlowRunRecord> claimRuns(String pool, Set<String> queues, RunClaim claim);

  /**
   * Notes that a worker takes runs from a pool. Its record is created when it is first heard of.
   * Sheave's agents are seen by what they ask of queues, see {@link WorkQueueRecord#lastPolled()}.
   *
   * @throws SheaveException {@code INVALID} for an empty name
   */
  void recordHeartbeat(String pool, String worker);

  /** Lists the workers of a pool that were last heard of at some times, by name. */
  List<WorkerRecord> listWorkers(String pool, TimeMatch lastHeartbeat, Page page);

  /**
   * Changes to a pool.
   *
   * @param description its description
   * @param baseJobTemplate the template of its jobs
   * @param isPaused whether it hands out no runs
   * @param concurrencyLimit how many of its runs may be active at once
   */
  record WorkPoolUpdate(
      Change<String> description,
      Change<Map<String, @Nullable Object>> baseJobTemplate,
      Change<Boolean> isPaused,
      Change<Integer> concurrencyLimit) {
    /** Changes nothing. */
    public static final WorkPoolUpdate NONE =
        new WorkPoolUpdate(Change.keep(), Change.keep(), Change.keep(), Change.keep());

    /** These changes, and whether it hands out no runs. */
    public WorkPoolUpdate withPaused(boolean paused) {
      return new WorkPoolUpdate(description, baseJobTemplate, Change.to(paused), concurrencyLimit);
    }

    /** These changes, and how many of its runs may be active at once; null for any number. */
    public WorkPoolUpdate withConcurrencyLimit(@Nullable Integer limit) {
      return new WorkPoolUpdate(description, baseJobTemplate, isPaused, Change.to(limit));
    }

    /** These changes, and its description. */
    public WorkPoolUpdate withDescription(@Nullable String text) {
      return new WorkPoolUpdate(Change.to(text), baseJobTemplate, isPaused, concurrencyLimit);
    }
  }
}
