package dev.sheave.api;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import java.util.Set;

/**
 * Who an agent is, and whose runs it takes.
 *
 * @param id its id, which no other agent ever has; the owner of its leases
 * @param name what people call it
 * @param host the machine it runs on
 * @param version the version of Sheave
 * @param pool the work pool it takes runs from
 * @param queues the names of the work queues it takes runs from; missing ones are created
 * @param queuePrefixes what the names of further queues begin with. If there are neither queues nor
 *     prefixes, it takes the runs of all queues of the pool.
 */
public record AgentProfile(
    String id,
    String name,
    String host,
    String version,
    String pool,
    Set<String> queues,
    Set<String> queuePrefixes) {
  /**
   * Checks the values.
   *
   * @throws SheaveException {@code INVALID} for an empty id or name
   */
  public AgentProfile {
    if (id.isBlank() || name.isBlank()) {
      throw new SheaveException(
          Code.INVALID, "An agent's " + (id.isBlank() ? "id" : "name") + " must not be empty.");
    }
    queues = Set.copyOf(queues);
    queuePrefixes = Set.copyOf(queuePrefixes);
  }

  /** Returns whether it takes the runs of a queue. */
  public boolean takesFrom(WorkQueueRecord queue) {
    return queue.workPoolName().equals(pool)
        && (queues.contains(queue.name())
            || queuePrefixes.stream().anyMatch(queue.name()::startsWith)
            || (queues.isEmpty() && queuePrefixes.isEmpty()));
  }
}
