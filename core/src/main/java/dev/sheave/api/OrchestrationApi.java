package dev.sheave.api;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * The API for Sheave's records, implemented over a database in the same process, or over HTTP to a
 * server.
 *
 * <p>It follows the REST protocol, so that a server only translates and has no rules of its own.
 * Every method throws {@link SheaveException}: {@code UNAVAILABLE} when the store doesn't respond,
 * {@code PERMISSION_DENIED} when it refuses the key. Safe for use by several threads.
 */
public interface OrchestrationApi extends AutoCloseable {

  /**
   * Checks that the store responds.
   *
   * @throws SheaveException {@code UNAVAILABLE} if it doesn't
   */
  void checkHealth();

  /** The URL of this connection, without credentials; for messages and child processes. */
  String url();

  /** Block types, schemas and documents. */
  BlockApi blocks();

  /** Flows and deployments. */
  DeploymentApi deployments();

  /** Flow runs, states and logs. */
  FlowRunApi flowRuns();

  /** Task runs and their states. */
  TaskRunApi taskRuns();

  /** Concurrency limits of task runs. */
  ConcurrencyLimitApi concurrencyLimits();

  /** Work pools and their queues. */
  WorkPoolApi workPools();

  /** Work queues. */
  WorkQueueApi workQueues();

  /** Agents. */
  AgentApi agents();

  /** Variables. */
  VariableApi variables();

  /** Artifacts. */
  ArtifactApi artifacts();

  /** Saved searches. */
  SavedSearchApi savedSearches();

  /** Notification policies of flow runs. */
  NotificationPolicyApi notificationPolicies();

  /** Returns what this implementation can do beyond the protocol. */
  Set<Feature> features();

  /** Whether a server keeps the records, and not this process. */
  default boolean isServer() {
    return false;
  }

  /**
   * The id of the store: that of its default work pool, which every store has from its beginning to
   * its end. A copy of a store has the same.
   */
  default UUID storeId() {
    return workPools()
        .findWorkPool(WorkQueueApi.DEFAULT_POOL)
        .orElseThrow(
            () ->
                new SheaveException(
                    Code.UNSUPPORTED,
                    "The server at "
                        + url()
                        + " has no work pool '"
                        + WorkQueueApi.DEFAULT_POOL
                        + "', by whose id its runs are told from those of others."))
        .id();
  }

  /**
   * Returns what only those may do who keep the records. With a server, it needs an API key of the
   * scope {@code admin}; empty if that isn't Sheave's.
   */
  default Optional<StoreAdministration> administration() {
    return Optional.empty();
  }

  /**
   * Hosts the services that keep the records: they create the runs of schedules, and call runs late
   * that nobody takes. Of all programs that host those of a store, one at a time does the work.
   * Over a server, which hosts its own, this does nothing.
   */
  default Hosting hostServices() {
    return () -> {};
  }

  /**
   * Hosts them, and removes what becomes old meanwhile.
   *
   * @param rule says what is old
   */
  default Hosting hostServices(PruneRule rule) {
    return hostServices();
  }

  /** Services that this program hosts. */
  @FunctionalInterface
  interface Hosting extends AutoCloseable {
    /** Ends them, when a step in progress is done. */
    @Override
    void close();
  }

  @Override
  void close();
}
