package dev.sheave.api;

import dev.sheave.SheaveException;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The administration of a store, for those who keep its records. Safe for use by several threads.
 */
public interface StoreAdministration {

  /** The API keys of the servers of this store. */
  ApiKeyApi apiKeys();

  /** The changes that were made through the servers of this store. */
  AuditApi audit();

  /**
   * Removes flow runs that ended so long ago, with their states, task runs, logs and artifacts, and
   * what was noted of changes that were made so long ago. It works in small steps, and the store
   * stays in use meanwhile.
   *
   * @throws SheaveException {@code INVALID} for a negative time
   */
  default Pruned prune(Duration olderThan) {
    return prune(PruneRule.olderThan(olderThan));
  }

  /** Removes what is old by a rule, as {@link #prune(Duration)} does. */
  default Pruned prune(PruneRule rule) {
    Pruned all = new Pruned(0, 0);
    Pruned some;
    do {
      some = pruneSome(rule);
      all = new Pruned(all.flowRuns() + some.flowRuns(), all.auditEntries() + some.auditEntries());
    } while (!some.isNothing());
    return all;
  }

  /**
   * Removes the oldest of what is old by a rule: so many records as takes a second or so.
   *
   * @return nothing if there is nothing left
   */
  Pruned pruneSome(PruneRule rule);

  /**
   * Encrypts all block documents with a new key, in small steps while the store stays in use. A
   * call after an interruption resumes where it stopped; both keys are valid until the last
   * document is re-encrypted.
   *
   * @param keepsOldKey whether the key file keeps the old key too, for another database that uses
   *     the same file
   * @throws SheaveException {@code INVALID} if the key was set by the environment and no new one is
   *     set; {@code CONFLICT} if another rotation began
   */
  KeyRotation rotateEncryptionKey(boolean keepsOldKey);

  /** Reads what is to be done, for those who watch over it; in a few milliseconds. */
  StoreLoad readLoad();

  /** Tells how busy this program's connections are, also while the database is away. */
  default StoreLoad.ConnectionLoad connectionLoad() {
    return readLoad().connections();
  }

  /**
   * Copies the database into a new file that only its owner can read, while programs work on. The
   * copy has all that was answered before this call, and is whole when this returns. The encryption
   * key isn't in it.
   *
   * @throws SheaveException {@code ALREADY_EXISTS} if the file exists; {@code INVALID} if its
   *     folder doesn't; {@code UNSUPPORTED} for a database that has a tool of its own for that,
   *     which the message names
   */
  void backUp(Path file);
}
