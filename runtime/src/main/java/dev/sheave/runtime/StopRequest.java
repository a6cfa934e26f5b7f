package dev.sheave.runtime;

import org.jspecify.annotations.Nullable;

/**
 * Asks a run to end that is executed by threads of a program that goes on. Safe for use by several
 * threads.
 */
final class StopRequest {
  private @Nullable Thread thread;
  private boolean isMade;

  /** Interrupts what executes the run, now and later. */
  synchronized void make() {
    isMade = true;
    if (thread != null) {
      thread.interrupt();
    }
  }

  synchronized boolean isMade() {
    return isMade;
  }

  /** Says which thread executes the run from now on; null for none that may be interrupted. */
  synchronized void setThread(@Nullable Thread executing) {
    thread = executing;
    if (isMade && executing != null) {
      executing.interrupt();
    }
  }
}
