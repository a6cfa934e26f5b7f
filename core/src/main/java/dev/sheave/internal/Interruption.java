package dev.sheave.internal;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileLockInterruptionException;

/** Tells an error that an interrupted thread gets from its channels from other errors. */
public final class Interruption {
  private Interruption() {}

  /**
   * Throws {@code INTERRUPTED} if an error says that this thread was interrupted.
   *
   * @param activity what it was doing: {@code reading the file '/a/b'}
   */
  public static void check(Exception e, String activity) {
    if (e instanceof ClosedByInterruptException || e instanceof FileLockInterruptionException) {
      throw new SheaveException(
          Code.INTERRUPTED, "The thread was interrupted while " + activity + ".", e);
    }
  }
}
