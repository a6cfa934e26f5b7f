package dev.sheave.runtime.internal;

import java.io.PrintWriter;
import java.io.StringWriter;

/** Describes errors of flows, whose own methods may throw. */
public final class Throwables {
  private Throwables() {}

  /** Returns an error's class and message. */
  public static String describe(Throwable error) {
    try {
      return String.valueOf(error.toString());
    } catch (RuntimeException | Error e) {
      return error.getClass().getName() + " (its toString throws " + e.getClass().getName() + ")";
    }
  }

  /** Returns an error's stack trace, without a line feed at its end. */
  public static String stackTrace(Throwable error) {
    StringWriter text = new StringWriter();
    try {
      error.printStackTrace(new PrintWriter(text));
    } catch (RuntimeException | Error e) {
      text.getBuffer().setLength(0);
      text.append(describe(error));
      for (StackTraceElement element : error.getStackTrace()) {
        text.append("\n\tat ").append(element.toString());
      }
    }
    return text.toString().stripTrailing();
  }
}
