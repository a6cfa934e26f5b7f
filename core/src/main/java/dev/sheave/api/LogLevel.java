package dev.sheave.api;

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

  private LogLevel() {}

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
