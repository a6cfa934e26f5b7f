package dev.sheave.flow;

import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * The flow run that a thread belongs to. For the engine and tests; flows use {@link
 * FlowRunContext}.
 */
public final class CurrentFlowRun {
  private static final InheritableThreadLocal<FlowRunContext> CURRENT =
      new InheritableThreadLocal<>();

  /** The only run of this process, for threads that inherit nothing. */
  private static volatile @Nullable FlowRunContext ofProcess;

  private CurrentFlowRun() {}

  /**
   * Calls something on behalf of the only run of this process: all of its threads work for the run
   * meanwhile.
   */
  public static <T> T callAlone(FlowRunContext run, Callable<T> task) throws Exception {
    FlowRunContext before = ofProcess;
    ofProcess = run;
    try {
      return call(run, task);
    } finally {
      ofProcess = before;
    }
  }

  /** Calls something on behalf of a run. Threads that it starts work for the run, too. */
  public static <T> T call(FlowRunContext run, Callable<T> task) throws Exception {
    FlowRunContext before = CURRENT.get();
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

  static Optional<FlowRunContext> find() {
    FlowRunContext ofThread = CURRENT.get();
    return Optional.ofNullable(ofThread == null ? ofProcess : ofThread);
  }
}
