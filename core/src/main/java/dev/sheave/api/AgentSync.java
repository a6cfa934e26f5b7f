package dev.sheave.api;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;

/**
 * What an agent says and asks in one call.
 *
 * @param agent who it is
 * @param round the number of the call, higher than that of the agent's calls before, which end
 * @param room how many runs it can take, 0 to {@link Page#MAX_LIMIT}
 * @param prefetch how long before they are due it takes runs; negative for runs that were due then
 * @param lease how long all its runs are its own unless it calls again
 * @param known the runs that it knows to be its own
 * @param seen the runs of others that it has been told of, and whose news it doesn't wait for
 * @param maxWait how long the call waits for news at most, up to {@link #MAX_WAIT}
 */
public record AgentSync(
    AgentProfile agent,
    int round,
    int room,
    Duration prefetch,
    Duration lease,
    Set<UUID> known,
    Set<UUID> seen,
    Duration maxWait) {
  /** How long a call waits for news at most. */
  public static final Duration MAX_WAIT = Duration.ofSeconds(20);

  /**
   * Checks the values.
   *
   * @throws SheaveException {@code INVALID} if a number is out of bounds, or a prefix of queues is
   *     empty
   */
  public AgentSync {
    RunClaim.checkLease(lease);
    if (agent.queuePrefixes().stream().anyMatch(String::isBlank)) {
      throw new SheaveException(
          Code.INVALID,
          "A prefix of an agent's work queues must not be empty; one without queues and prefixes"
              + " takes from all queues of its pool.");
    }
    if (room < 0 || room > Page.MAX_LIMIT) {
      throw new SheaveException(
          Code.INVALID, "The 'room' of an agent must be 0 to " + Page.MAX_LIMIT + ".");
    }
    if (maxWait.isNegative() || maxWait.compareTo(MAX_WAIT) > 0) {
      throw new SheaveException(
          Code.INVALID, "An agent must 'wait' for 0 to " + MAX_WAIT.toSeconds() + " seconds.");
    }
    known = Set.copyOf(known);
    seen = Set.copyOf(seen);
  }

  /** This call, for another time. */
  public AgentSync withMaxWait(Duration duration) {
    return new AgentSync(agent, round, room, prefetch, lease, known, seen, duration);
  }
}
