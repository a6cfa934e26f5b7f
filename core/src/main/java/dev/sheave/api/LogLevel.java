package dev.sheave.api;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.internal.Suggestions;
import java.util.List;

/** The protocol's severities of log lines, as numbers: those of Python. */
public final class LogLevel {
  /** Finest. */
  public static final int TRACE = 5;

  /** For the curious. */
  public static final int DEBUG = 10;

  /** What goes on. */
  public static final int INFO = 20;

  /** Something to look at. */
  public static final int WARNING = 30;

  /** Something went wrong. */
  public static final int ERROR = 40;

  /** The run can't go on. */
  public static final int CRITICAL = 50;

  private static final List<String> NAMES =
      List.of("TRACE", "DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL");

  private LogLevel() {}

  /**
   * Checks what somebody wrote for a severity: a name in any case, or {@code WARN}.
   *
   * @param setting what was set to it, to start the message with
   * @throws SheaveException {@code INVALID}, with the nearest name, if there is no such severity
   */
  public static void check(String setting, String name) {
    String wanted = name.strip();
    if (wanted.equalsIgnoreCase("WARN") || NAMES.stream().anyMatch(wanted::equalsIgnoreCase)) {
      return;
    }
    throw new SheaveException(
        Code.INVALID,
        setting
            + " can't be '"
            + name
            + "'."
            + Suggestions.hint(wanted, NAMES)
            + " The levels are: "
            + String.join(", ", NAMES)
            + ".");
  }

  /** Returns the name of the highest named severity that is not above a level. */
  public static String nameOf(int level) {
    if (level >= CRITICAL) {
      return "CRITICAL";
    }
    if (level >= ERROR) {
      return "ERROR";
    }
    if (level >= WARNING) {
      return "WARNING";
    }
    if (level >= INFO) {
      return "INFO";
    }
    return level >= DEBUG ? "DEBUG" : "TRACE";
  }
}
