package dev.sheave.api;

import dev.sheave.SheaveException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Work queues: where runs wait for agents.
 *
 * <p>An id that names nothing is {@link SheaveException.Code#NOT_FOUND}. Safe for use by several
 * threads.
 */
public interface WorkQueueApi {

  /** The pool of queues that name none. */
  String DEFAULT_POOL = "default-agent-pool";

  /**
   * Makes a queue.
   *
   * @throws SheaveException {@code ALREADY_EXISTS} if there is one of that name
   */
  WorkQueueRecord createWorkQueue(
      String name, @Nullable String description, @Nullable Integer concurrencyLimit);

  /** Finds a queue by name. */
  Optional<WorkQueueRecord> findWorkQueue(String name);

  /** Lists queues whose names start so, by name. */
  List<WorkQueueRecord> listWorkQueues(String prefix, Page page);

  /** Changes a queue. */
  void updateWorkQueue(UUID id, WorkQueueUpdate update);

  /** Deletes a queue; runs that wait in it stay, and wait in none. */
  void deleteWorkQueue(UUID id);

  /**
   * Returns the runs that an agent may take from a queue: scheduled, due, in the order they are
   * due, no more than the queue's limit leaves room for. None if it is paused. Taking one is an
   * accepted transition to pending.
   *
   * @param limit how many at most
   * @param scheduledBefore what is due by then
   */
  List<FlowRunRecord> readRunsOfWorkQueue(UUID id, int limit, Instant scheduledBefore);

  /**
   * Changes to a queue.
   *
   * @param description about it
   * @param isPaused whether it hands out nothing
   * @param concurrencyLimit how many of its runs may be under way at once
   * @param priority 1 is first
   */
  record WorkQueueUpdate(
      Change<String> description,
      Change<Boolean> isPaused,
      Change<Integer> concurrencyLimit,
      Change<Integer> priority) {
    /** Changes nothing. */
    public static final WorkQueueUpdate NONE =
        new WorkQueueUpdate(Change.keep(), Change.keep(), Change.keep(), Change.keep());

    /** These changes, and whether it hands out nothing. */
    public WorkQueueUpdate withPaused(boolean paused) {
      return new WorkQueueUpdate(description, Change.to(paused), concurrencyLimit, priority);
    }

    /** These changes, and how many of its runs may be under way at once; null for any number. */
    public WorkQueueUpdate withConcurrencyLimit(@Nullable Integer limit) {
      return new WorkQueueUpdate(description, isPaused, Change.to(limit), priority);
    }

    /** These changes, and its priority. */
    public WorkQueueUpdate withPriority(int number) {
      return new WorkQueueUpdate(description, isPaused, concurrencyLimit, Change.to(number));
    }
  }
}
