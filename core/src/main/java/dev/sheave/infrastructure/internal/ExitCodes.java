package dev.sheave.infrastructure.internal;

import java.util.Optional;

/** The usual meanings of processes' exit codes. */
public final class ExitCodes {
  /** A shell's, and Java's, way to tell of signals: this and the signal's number. */
  private static final int SIGNALLED = 128;

  private static final int NOT_EXECUTABLE = 126;
  private static final int NOT_FOUND = 127;

  /** The lowest byte of -9, on systems where an exit code is one byte. */
  private static final int KILLED_BY_MEMORY_LIMIT = 247;

  /** {@code EX_TEMPFAIL} of BSD's {@code sysexits.h}: of a run whose end can't be recorded. */
  public static final int NOT_RECORDED = 75;

  /** {@code EX_CONFIG}: of a run of a Python flow where there is no engine for it. */
  public static final int NO_PREFECT = 78;

  private ExitCodes() {}

  /** Returns a sentence that explains an exit code; empty if it says nothing in particular. */
  public static Optional<String> explain(int code) {
    return Optional.ofNullable(
        switch (code < 0 ? SIGNALLED - code : code) {
          case SIGNALLED + 9 ->
              "This indicates that the process exited due to a SIGKILL signal. Typically, this is"
                  + " either caused by manual cancellation or high memory usage causing the"
                  + " operating system to terminate the process.";
          case SIGNALLED + 15 ->
              "This indicates that the process exited due to a SIGTERM signal. Typically, this is"
                  + " caused by manual cancellation.";
          case SIGNALLED + 2 ->
              "This indicates that the process exited due to a SIGINT signal: Ctrl-C was pressed.";
          case SIGNALLED + 6 ->
              "This indicates that the process aborted itself, as a Java virtual machine does after"
                  + " a fatal error; look for hs_err_pid*.log.";
          case KILLED_BY_MEMORY_LIMIT ->
              "This indicates that the process was terminated due to high memory usage.";
          case NOT_RECORDED ->
              "This indicates that the run's state could not be recorded for minutes: the disk of its"
                  + " records was full, or they could not be reached.";
          case NO_PREFECT ->
              "This indicates that there is no Python with the package 'prefect', which executes"
                  + " flows of Python: choose an 'image', or a PATH in 'env', that has it.";
          case NOT_EXECUTABLE -> "This indicates that the command can't be executed.";
          case NOT_FOUND -> "This indicates that the command was not found.";
          default -> null;
        });
  }
}
