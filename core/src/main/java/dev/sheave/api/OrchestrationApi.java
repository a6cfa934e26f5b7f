package dev.sheave.api;

/**
 * The one contract between those who use Sheave's records and those who keep them: over a database
 * in the same process, or over HTTP to a server.
 *
 * <p>Its shape follows the REST protocol, so that a server is a translation without rules of its
 * own. Every method throws {@link dev.sheave.SheaveException}: {@code UNAVAILABLE} when the store
 * doesn't answer, {@code PERMISSION_DENIED} when it refuses the key. Safe for use by several
 * threads.
 */
public interface OrchestrationApi extends AutoCloseable {

  /** What this is connected to, without credentials; for messages and for child processes. */
  String url();

  /** Block types, schemas and documents. */
  BlockApi blocks();

  /** Flows and deployments. */
  DeploymentApi deployments();

  /** Flow runs, states and logs. */
  FlowRunApi flowRuns();

  /** Work queues. */
  WorkQueueApi workQueues();

  @Override
  void close();
}
