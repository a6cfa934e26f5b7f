package dev.sheave.api;

import dev.sheave.SheaveException;
import java.util.Set;

/**
 * The API for Sheave's records, implemented over a database in the same process, or over HTTP to a
 * server.
 *
 * <p>It follows the REST protocol, so that a server only translates and has no rules of its own.
 * Every method throws {@link dev.sheave.SheaveException}: {@code UNAVAILABLE} when the store
 * doesn't respond, {@code PERMISSION_DENIED} when it refuses the key. Safe for use by several
 * threads.
 */
public interface OrchestrationApi extends AutoCloseable {

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

  /** Variables. */
  VariableApi variables();

  /** Artifacts. */
  ArtifactApi artifacts();

  /** Saved searches. */
  SavedSearchApi savedSearches();

  /** Returns what this implementation can do beyond the protocol. */
  Set<Feature> features();

  /**
   * Encrypts all block documents with a new key, in small steps while the store stays in use. A
   * call after an interruption resumes where it stopped; both keys are valid until the last
   * document is re-encrypted.
   *
   * @param keepsOldKey whether the key file keeps the old key too, for another database that uses
   *     the same file
   * @throws dev.sheave.SheaveException {@code UNSUPPORTED} if the key is kept by a server; {@code
   *     INVALID} if the key was set by the environment and no new one is set; {@code CONFLICT} if
   *     another rotation began
   */
  default KeyRotation rotateEncryptionKey(boolean keepsOldKey) {
    throw new SheaveException(
        SheaveException.Code.UNSUPPORTED,
        "The encryption key of " + url() + " is kept by its server; rotate it there.");
  }

  @Override
  void close();
}
