package dev.sheave.api;

import dev.sheave.SheaveException;

/**
 * The administration of a store, for those who keep its records. Safe for use by several threads.
 */
public interface StoreAdministration {

  /** The API keys of the servers of this store. */
  ApiKeyApi apiKeys();

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
}
