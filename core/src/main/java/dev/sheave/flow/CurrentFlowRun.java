package dev.sheave.flow;

import java.util.Optional;
import java.util.concurrent.Callable;

/** The flow run that a thread belongs to. For the engine; flows use {@link FlowRunContext}. */
public final class CurrentFlowRun {
  private static final InheritableThreadLocal<FlowRunContext> CURRENT =
      new InheritableThreadLocal<>();

  private CurrentFlowRun() {}

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
    return Optional.ofNullable(CURRENT.get());
  }
}
