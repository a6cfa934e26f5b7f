package dev.sheave.agent;

import dev.sheave.api.FlowRunRecord;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;

/**
 * What an agent is to do next.
 *
 * @param own runs that it has taken, or took before without hearing of it
 * @param lost runs that aren't its own any more
 * @param cancelling runs that are to be cancelled
 * @param abandoned runs under way that may have nobody who sees to them
 */
record AgentWork(
    List<FlowRunRecord> own,
    Set<UUID> lost,
    List<FlowRunRecord> cancelling,
    List<FlowRunRecord> abandoned) {

  /** Whether there is nothing to do. */
  boolean isNothing() {
    return own.isEmpty() && lost.isEmpty() && cancelling.isEmpty() && abandoned.isEmpty();
  }

  /** Where an agent gets its work from. Used by one thread. */
  interface Source {
    /**
     * Begins.
     *
     * @throws dev.sheave.SheaveException {@code CONFLICT} if the agent can't have its name
     */
    void begin();

    /**
     * Asks for work.
     *
     * @param room how many runs can be taken
     * @param prefetch how long before it is due a run is taken
     */
    AgentWork next(int room, Duration prefetch);

    /**
     * Waits for work, or for a change among the agent's runs, and returns what there is.
     *
     * @param atMost when to look in any case
     * @param isNews whether a change makes another call worth while
     * @return empty if such a change came first, so that what there is isn't known
     */
    Optional<AgentWork> await(int room, Duration prefetch, Duration atMost, BooleanSupplier isNews);

    /** Says that the agent ends. */
    void leave();
  }
}
