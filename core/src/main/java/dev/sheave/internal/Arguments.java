package dev.sheave.internal;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import org.jspecify.annotations.Nullable;

/** Checks arguments of public methods. */
public final class Arguments {
  private Arguments() {}

  /**
   * Returns an argument that must not be null.
   *
   * @param what names it, to start a sentence: {@code A block reference}
   * @throws SheaveException {@code INVALID} if it is null
   */
  public static <T> T require(@Nullable T argument, String what) {
    if (argument == null) {
      throw new SheaveException(Code.INVALID, what + " must not be null.");
    }
    return argument;
  }
}
