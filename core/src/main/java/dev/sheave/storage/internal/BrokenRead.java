package dev.sheave.storage.internal;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.internal.IoReason;
import java.io.IOException;

/** Creates the exception for an object whose stream broke off while it was read. */
public final class BrokenRead {
  private BrokenRead() {}

  /**
   * The error for a user.
   *
   * @param location of the object, as people write it
   * @param e the exception of a store's stream
   * @return {@code UNAVAILABLE}, or {@code INTERRUPTED} if this thread was
   */
  public static SheaveException error(String location, IOException e) {
    if (Thread.currentThread().isInterrupted()) {
      return new SheaveException(Code.INTERRUPTED, "The transfer was interrupted.", e);
    }
    return new SheaveException(
        Code.UNAVAILABLE,
        "'" + location + "' could not be read to its end: " + IoReason.of(e) + ".",
        e);
  }

  /**
   * The error for a user whose own stream can't be read.
   *
   * @param location of the object it was for, as people write it
   */
  public static SheaveException ofContent(String location, IOException e) {
    return new SheaveException(
        Code.INVALID,
        "The content for '" + location + "' can't be read: " + IoReason.of(e) + ".",
        e);
  }
}
