package dev.sheave.storage.vfs;

import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import org.jspecify.annotations.Nullable;

/** Looks at the causes of an exception. */
final class Causes {
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

  /** Returns the message of the root cause, without a full stop. */
  static String root(Throwable start) {
    Throwable root = start;
    for (Throwable e = start; e != null; e = e.getCause()) {
      root = e;
    }
    String message = root.getMessage();
    return message == null || message.isBlank()
        ? root.getClass().getSimpleName()
        : message.strip().replaceAll("[.\\s]+$", "");
  }
}
