package dev.sheave.orchestrator.internal.block;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.KeyRotation;
import dev.sheave.orchestrator.internal.database.Database;
import dev.sheave.orchestrator.internal.secret.EncryptionKey;
import dev.sheave.orchestrator.internal.secret.KeyRing;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/**
 * Moves all documents from one key to another while others read and write them.
 *
 * <ol>
 *   <li>The key file gets the new key beside the old one.
 *   <li>The database registers the new key: from then on everybody writes with it.
 *   <li>Documents are moved, a few in a transaction.
 *   <li>The database forgets the old key, and refuses documents of it.
 *   <li>The key file forgets it.
 * </ol>
 *
 * <p>Each step is whole or not done, and both keys are known until the last but one: whoever dies
 * between two steps, running it again goes on from there.
 */
public final class EncryptionKeyRotation {
  /** How many documents are moved in one transaction, so that nobody waits long for it. */
  static final int BATCH = 100;

  private final Database database;
  private final KeyRing keys;
  private final DocumentWriter documents;
  private final Runnable afterEachStep;
  private final int batch;

  /**
   * Rotates the keys of a database.
   *
   * @param afterEachStep is run between steps
   * @param batch how many documents are moved in one of them
   */
  EncryptionKeyRotation(
      Database database,
      KeyRing keys,
      DocumentWriter documents,
      Runnable afterEachStep,
      int batch) {
    this.database = database;
    this.keys = keys;
    this.documents = documents;
    this.afterEachStep = afterEachStep;
    this.batch = batch;
  }

  /** Does it, see {@link dev.sheave.api.OrchestrationApi#rotateEncryptionKey}. */
  public KeyRotation run(boolean keepsOldKey) {
    String current = database.read(handle -> RegisteredKeys.ids(handle).get(0));
    KeyRing.Succession succession = keys.begin(current);
    EncryptionKey newKey = succession.newKey();
    afterEachStep.run();
    if (!current.equals(newKey.id())) {
      database.change(handle -> RegisteredKeys.register(handle, newKey));
      afterEachStep.run();
    }
    int moved = 0;
    while (true) {
      int now = database.write(handle -> moveSome(handle, newKey));
      if (now == 0) {
        break;
      }
      moved += now;
      afterEachStep.run();
    }
    database.change(handle -> RegisteredKeys.forgetOthers(handle, newKey));
    afterEachStep.run();
    if (!keepsOldKey) {
      keys.end(succession);
    }
    return new KeyRotation(moved, succession.isResumed(), keys.isInFile());
  }

  private int moveSome(Handle handle, EncryptionKey newKey) {
    if (!RegisteredKeys.ids(handle).get(0).equals(newKey.id())) {
      throw new SheaveException(
          Code.CONFLICT, "Another rotation of the encryption key began; let that one end.");
    }
    List<UUID> some = documents.notOf(handle, newKey, batch);
    some.forEach(id -> documents.move(handle, id, newKey));
    return some.size();
  }
}
