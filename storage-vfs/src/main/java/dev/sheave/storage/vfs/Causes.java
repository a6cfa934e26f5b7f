package dev.sheave.storage.vfs;

import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import org.jspecify.annotations.Nullable;

/** Looks at the causes of an exception. */
final class Causes {
  private static final int MAX_MESSAGE = 300;

  private Causes() {}

  static <T extends Throwable> @Nullable T find(Throwable start, Class<T> type) {
    for (Throwable e = start; e != null; e = e.getCause()) {
      if (type.isInstance(e)) {
        return type.cast(e);
      }
    }
    return null;
  }

  static boolean isInterrupted(Throwable start) {
    InterruptedIOException interrupted = find(start, InterruptedIOException.class);
    return Thread.currentThread().isInterrupted()
        || find(start, InterruptedException.class) != null
        || (interrupted != null && !(interrupted instanceof SocketTimeoutException));
  }

  /** Returns the messages of the exception and all its causes, one a line. */
  static String messages(Throwable start) {
    StringBuilder text = new StringBuilder();
    for (Throwable e = start; e != null; e = e.getCause()) {
      text.append(e.getMessage()).append('\n');
    }
    return text.toString();
  }

  /** Returns the message of the root cause as a part of a sentence, cut if a server said much. */
  static String root(Throwable start) {
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
