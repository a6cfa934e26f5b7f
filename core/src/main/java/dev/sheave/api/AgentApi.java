package dev.sheave.api;

import dev.sheave.SheaveException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Agents: programs that take runs and execute them.
 *
 * <p>All methods throw {@code UNSUPPORTED} by a server without {@link Feature#AGENTS}. Safe for use
 * by several threads.
 */
public interface AgentApi {
  /**
   * Says who an agent is, renews all its leases, claims runs for it, and tells it what to cancel
   * and what to adopt. It returns as soon as there is anything new, at the latest when the time to
   * wait is over. Runs are claimed in the order of {@link WorkPoolApi#readRunsOfWorkPool}, in one
   * transaction. Who missed the answer calls again.
   *
   * @throws SheaveException {@code NOT_FOUND} if there is no such pool; {@code CONFLICT} if another
   *     agent of that name is alive
   */
  AgentNews sync(AgentSync sync);

  /**
   * Makes a run under way an agent's own, with the next epoch: writes of the owner before are
   * refused from then on.
   *
   * @param epoch the epoch in which the agent has seen the run
   * @param owner the agent's id
   * @return the run; empty if it is in another epoch by now, or not under way any more
   */
  Optional<FlowRunRecord> adopt(UUID run, int epoch, String owner, Duration lease);

  /** Forgets an agent that has ended, and ends its calls. Its leases end by themselves. */
  void leave(String agent);

  /** Lists the agents that were heard in the last day, by name. */
  List<AgentRecord> listAgents(Page page);
}
