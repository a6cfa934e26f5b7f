package dev.sheave.runtime;

import java.time.Duration;
import java.util.function.Consumer;

/**
 * Notices that the virtual machine ends during a run: by a signal, or because the flow called
 * {@link System#exit}.
 */
final class AbruptExit {
  /**
   * How long other shutdown hooks, a flow's for example, may take before the process ends in spite
   * of them.
   */
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  /** Why the virtual machine ends. */
  enum Cause {
    /** The flow, or what it has started, called {@link System#exit}. */
    CALL("Execution was aborted by a call of System.exit."),
    /** Somebody asked the process to end. */
    SIGNAL("Execution was aborted by a termination signal.");

    private final String sentence;

    Cause(String sentence) {
      this.sentence = sentence;
    }

    String sentence() {
      return sentence;
    }
  }

  private final Thread hook;

  private AbruptExit(Consumer<Cause> action) {
    this.hook =
        new Thread(
            () -> {
              haltLater(TIMEOUT, 1);
              action.accept(isExitCalled() ? Cause.CALL : Cause.SIGNAL);
            },
            "sheave-abrupt-exit");
  }

  /**
   * Starts to watch.
   *
   * @param action told why; it has some seconds
   */
  static AbruptExit watch(Consumer<Cause> action) {
    AbruptExit watch = new AbruptExit(action);
    Runtime.getRuntime().addShutdownHook(watch.hook);
    return watch;
  }

  /** The run came to its end, and the process may as well. */
  void unwatch() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // it is too late: the hook runs, and records what it sees
    }
  }

  /** Signals end the virtual machine from a thread of its own that calls no public method. */
  private static boolean isExitCalled() {
    for (StackTraceElement[] stack : Thread.getAllStackTraces().values()) {
      for (StackTraceElement frame : stack) {
        if (frame.getClassName().equals("java.lang.Runtime")
            && frame.getMethodName().equals("exit")) {
          return true;
        }
      }
    }
    return false;
  }

  /** Ends the process after a while if it doesn't end by itself. */
  static void haltLater(Duration timeout, int code) {
    Thread watchdog =
        new Thread(
            () -> {
              try {
                Thread.sleep(timeout.toMillis());
              } catch (InterruptedException e) {
                // whoever interrupts every thread wants the end as well
              }
              Runtime.getRuntime().halt(code);
            },
            "sheave-halt");
    watchdog.setDaemon(true);
    watchdog.start();
  }
}
