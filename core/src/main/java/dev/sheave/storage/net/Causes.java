package dev.sheave.storage.net;

import org.jspecify.annotations.Nullable;

/** Looks at an exception and its causes. */
public final class Causes {
  private static final int MAX_MESSAGE = 300;

  private Causes() {}

  /** Returns the first that is of a type, beginning with the exception itself; null if none is. */
  public static <T extends Throwable> @Nullable T find(Throwable start, Class<T> type) {
    for (Throwable e = start; e != null; e = e.getCause()) {
      if (type.isInstance(e)) {
        return type.cast(e);
      }
    }
    return null;
  }

  /** Returns whether one is of a type, the exception itself included. */
  public static boolean has(Throwable start, Class<? extends Throwable> type) {
    return find(start, type) != null;
  }

  /** Returns the messages of the exception and of all its causes, one a line. */
  public static String messages(Throwable start) {
    StringBuilder text = new StringBuilder();
    for (Throwable e = start; e != null; e = e.getCause()) {
      text.append(e.getMessage()).append('\n');
    }
    return text.toString();
  }

  /**
   * Returns the message of the last cause as a part of a sentence: in one line, without a full
   * stop, cut if it has over 300 characters, since a server may have said it.
   */
  public static String root(Throwable start) {
    Throwable root = start;
    for (Throwable e = start; e != null; e = e.getCause()) {
      root = e;
    }
    String message = root.getMessage();
    if (message == null || message.isBlank()) {
      return root.getClass().getSimpleName();
    }
    String shown =
        message.length() > MAX_MESSAGE ? message.substring(0, MAX_MESSAGE) + "…" : message;
    return shown.strip().replaceAll("[.\\s]+$", "").replaceAll("[\\s\\p{Cntrl}]+", " ");
  }
}
