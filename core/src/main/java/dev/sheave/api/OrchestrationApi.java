package dev.sheave.api;

import dev.sheave.SheaveException;

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

  /**
   * Encrypts all block documents with a new key, in small steps while others work. Who calls this
   * again after an interruption goes on where it stopped; until the last document is moved both
   * keys are known.
   *
   * @param keepsOldKey whether the key file keeps the old key too, for another database that uses
   *     the same file
   * @throws dev.sheave.SheaveException {@code UNSUPPORTED} if this isn't where the key is; {@code
   *     INVALID} if the key was given, and no new one; {@code CONFLICT} if another rotation began
   */
  default KeyRotation rotateEncryptionKey(boolean keepsOldKey) {
    throw new SheaveException(
        SheaveException.Code.UNSUPPORTED,
        "The encryption key of " + url() + " is with its server; rotate it there.");
  }

  @Override
  void close();
}
