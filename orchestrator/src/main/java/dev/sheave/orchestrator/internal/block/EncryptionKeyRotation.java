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
 *   <li>Documents are moved, a few in a transaction; the last of these transactions finds none, and
 *       forgets the old key: from then on the database refuses documents of it.
 *   <li>The key file forgets it.
 * </ol>
 *
 * <p>Each step is atomic, and the key file holds both keys until no document needs the old one. If
 * a process dies in a step or between two, running the rotation again completes it.
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

  /** Rotates the key, see {@link dev.sheave.api.OrchestrationApi#rotateEncryptionKey}. */
  public KeyRotation run(boolean keepsOldKey) {
    String current = database.read(handle -> RegisteredKeys.ids(handle).get(0));
    KeyRing.Succession succession = keys.begin(current);
    EncryptionKey newKey = succession.newKey();
    afterEachStep.run();
    database.change(handle -> register(handle, newKey, current));
    afterEachStep.run();
    int moved = 0;
    int last;
    do {
      last = database.write(handle -> moveSome(handle, newKey));
      moved += last;
      afterEachStep.run();
    } while (last > 0);
    if (!keepsOldKey) {
      keys.end(succession);
    }
    return new KeyRotation(moved, succession.isResumed(), keys.isInFile());
  }

  /** Another rotation may have finished first and removed the key that this one adds. */
  private static void register(Handle handle, EncryptionKey newKey, String expected) {
    String current = RegisteredKeys.ids(handle).get(0);
    if (current.equals(newKey.id())) {
      return;
    }
    if (!current.equals(expected)) {
      throw overtaken();
    }
    RegisteredKeys.register(handle, newKey);
  }

  private int moveSome(Handle handle, EncryptionKey newKey) {
    if (!RegisteredKeys.ids(handle).get(0).equals(newKey.id())) {
      throw overtaken();
    }
    List<UUID> some = documents.notOf(handle, newKey, batch);
    some.forEach(id -> documents.move(handle, id, newKey));
    if (some.isEmpty()) {
      RegisteredKeys.forgetOthers(handle, newKey);
    }
    return some.size();
  }

  private static SheaveException overtaken() {
    return new SheaveException(
        Code.CONFLICT, "Another rotation of the encryption key has started; wait until it ends.");
  }
}
