package dev.sheave.api;

import dev.sheave.SheaveException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Work queues: where runs wait for agents.
 *
 * <p>An unknown id throws {@link SheaveException.Code#NOT_FOUND}. Safe for use by several threads.
 */
public interface WorkQueueApi {

  /** The default work pool. */
  String DEFAULT_POOL = "default-agent-pool";

  /**
   * Creates a queue.
   *
   * @throws SheaveException {@code ALREADY_EXISTS} if the name is taken
   */
  WorkQueueRecord createWorkQueue(
      String name, @Nullable String description, @Nullable Integer concurrencyLimit);

  /** Reads a queue of any pool by id. */
  WorkQueueRecord readWorkQueue(UUID id);

  /** Finds a queue of the default pool by name. */
  Optional<WorkQueueRecord> findWorkQueue(String name);

  /** Lists queues whose names start with a prefix, by name. */
  default List<WorkQueueRecord> listWorkQueues(String prefix, Page page) {
    return listWorkQueues(
        WorkQueueFilter.ALL.toBuilder().name(FieldMatch.startsWith(Set.of(prefix))).build(), page);
  }

  /** Lists queues of all pools by name. */
  List<WorkQueueRecord> listWorkQueues(WorkQueueFilter filter, Page page);

  /** Tells how a queue is served. */
  WorkQueueStatus readWorkQueueStatus(UUID id);

  /**
   * Tells why runs wait in a queue, see {@link FlowRunApi#readWaitReason}.
   *
   * @return a sentence; empty if there is no reason
   * @throws SheaveException {@code UNSUPPORTED} by a server without {@link Feature#AGENTS}
   */
  Optional<String> readWaitReason(UUID id);

  /**
   * Changes a queue.
   *
   * @throws SheaveException {@code ALREADY_EXISTS} if its new name is taken
   */
  void updateWorkQueue(UUID id, WorkQueueUpdate update);

  /**
   * Deletes a queue; its waiting runs stay, without a queue.
   *
   * @throws SheaveException {@code PERMISSION_DENIED} for the default queue of a pool
   */
  void deleteWorkQueue(UUID id);

  /**
   * Returns the runs that an agent may take from a queue: scheduled and due runs, ordered by due
   * time, up to the queue's limit; none if it is paused. An agent takes a run by an accepted
   * transition to pending.
   *
   * @param limit the maximum number of runs
   * @param scheduledBefore only runs that are due by then
   */
  List<FlowRunRecord> readRunsOfWorkQueue(UUID id, int limit, Instant scheduledBefore);

  /**
   * Changes to a queue.
   *
   * @param name its name, unique in its pool
   * @param description its description
   * @param isPaused whether it hands out no runs
   * @param concurrencyLimit how many of its runs may be active at once
   * @param priority 1 is first
   */
  record WorkQueueUpdate(
      Change<String> name,
      Change<String> description,
      Change<Boolean> isPaused,
      Change<Integer> concurrencyLimit,
      Change<Integer> priority) {
    /** Changes nothing. */
    public static final WorkQueueUpdate NONE =
        new WorkQueueUpdate(
            Change.keep(), Change.keep(), Change.keep(), Change.keep(), Change.keep());

    /** These changes, and its name. */
    public WorkQueueUpdate withName(String value) {
      return new WorkQueueUpdate(
          Change.to(value), description, isPaused, concurrencyLimit, priority);
    }

    /** These changes, and whether it hands out no runs. */
    public WorkQueueUpdate withPaused(boolean paused) {
      return new WorkQueueUpdate(name, description, Change.to(paused), concurrencyLimit, priority);
    }

    /** These changes, and how many of its runs may be active at once; null for any number. */
    public WorkQueueUpdate withConcurrencyLimit(@Nullable Integer limit) {
      return new WorkQueueUpdate(name, description, isPaused, Change.to(limit), priority);
    }

    /** These changes, and its priority. */
    public WorkQueueUpdate withPriority(int number) {
      return new WorkQueueUpdate(name, description, isPaused, concurrencyLimit, Change.to(number));
    }
  }
}
