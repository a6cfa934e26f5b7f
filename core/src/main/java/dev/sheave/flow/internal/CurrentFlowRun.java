package dev.sheave.flow.internal;

import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * The flow run that a thread belongs to. For the engine and tests; flows use {@code
 * FlowRunContext}, which is what is held here, as an object, so that the packages form no circle.
 */
public final class CurrentFlowRun {
  private static final InheritableThreadLocal<Object> CURRENT = new InheritableThreadLocal<>();

  /** The only run of this process, for threads that inherit nothing. */
  private static volatile @Nullable Object ofProcess;

  private CurrentFlowRun() {}

  /**
   * Calls something on behalf of the only run of this process: all of its threads work for the run
   * meanwhile.
   */
  public static <T> T callAlone(Object run, Callable<T> task) throws Exception {
    Object before = ofProcess;
    ofProcess = run;
    try {
      return call(run, task);
    } finally {
      ofProcess = before;
    }
  }

  /** Calls something on behalf of a run. Threads that it starts work for the run, too. */
  public static <T> T call(Object run, Callable<T> task) throws Exception {
    Object before = CURRENT.get();
    CURRENT.set(run);
    try {
      return task.call();
    } finally {
      if (before == null) {
        CURRENT.remove();
      } else {
        CURRENT.set(before);
      }
    }
  }

  /** Returns the run of this thread. */
  public static Optional<Object> find() {
    Object ofThread = CURRENT.get();
    return Optional.ofNullable(ofThread == null ? ofProcess : ofThread);
  }
}
