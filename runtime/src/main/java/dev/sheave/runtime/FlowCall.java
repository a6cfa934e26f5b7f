package dev.sheave.runtime;

import dev.sheave.api.State;
import dev.sheave.api.StateType;
import dev.sheave.flow.CurrentFlowRun;
import dev.sheave.flow.FlowDefinition;
import dev.sheave.runtime.internal.Throwables;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/** One call of a flow, in a thread of its own so that its time can be limited. */
final class FlowCall {
  /** How long a flow whose time is over may take to notice it. */
  private static final Duration AFTER_TIMEOUT = Duration.ofSeconds(5);

  private static final int MAX_MESSAGE = 10_000;

  private final FlowDefinition flow;
  private final RunContext context;
  private final Logger logger;

  FlowCall(FlowDefinition flow, RunContext context, Logger logger) {
    this.flow = flow;
    this.context = context;
    this.logger = logger;
  }

  /** Calls the flow and returns the state its run shall end in. */
  State call(@Nullable Object[] arguments) {
    Set<Thread> before = Thread.getAllStackTraces().keySet();
    CompletableFuture<@Nullable Object> result = new CompletableFuture<>();
    Thread thread = new Thread(() -> invoke(arguments, result), context.flowRunName());
    thread.setDaemon(true); // the run ends when the engine says so
    thread.setContextClassLoader(flow.method().getDeclaringClass().getClassLoader());
    thread.start();
    State outcome = await(thread, result);
    warnOfThreadsLeft(before);
    return outcome;
  }

  private void invoke(@Nullable Object[] arguments, CompletableFuture<@Nullable Object> result) {
    try {
      result.complete(
          CurrentFlowRun.call(
              context,
              () -> {
                try {
                  return flow.invoke(arguments);
                } catch (Exception | Error e) {
                  throw e;
                } catch (Throwable e) { // neither: a class of the flow's own making
                  throw new java.lang.reflect.UndeclaredThrowableException(e);
                }
              }));
    } catch (Throwable e) { // whatever it is, it ends the run
      result.completeExceptionally(e);
    }
  }

  private State await(Thread thread, CompletableFuture<@Nullable Object> result) {
    Duration timeout = flow.timeout();
    try {
      Object value =
          timeout.isZero() ? result.get() : result.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      return State.of(StateType.COMPLETED).withData(StateTexts.resultData(value));
    } catch (ExecutionException e) {
      Throwable error = e.getCause() == null ? e : e.getCause();
      logger.error("Encountered exception during execution:", error);
      String message = "Flow run encountered an exception. " + Throwables.describe(error);
      return State.of(
          StateType.FAILED,
          message.length() > MAX_MESSAGE ? message.substring(0, MAX_MESSAGE) + "…" : message);
    } catch (TimeoutException e) {
      return timedOut(thread, timeout);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      thread.interrupt();
      return State.of(StateType.CRASHED, "Execution was interrupted.");
    }
  }

  private State timedOut(Thread thread, Duration timeout) {
    String message = "Flow run exceeded timeout of " + timeout.toMillis() / 1000.0 + " seconds";
    logger.error(message);
    thread.interrupt();
    try {
      thread.join(AFTER_TIMEOUT.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (thread.isAlive()) {
      logger.warn(
          "The flow doesn't notice that its thread was interrupted, and goes on meanwhile.");
    }
    return State.of(StateType.FAILED, "TimedOut", message);
  }

  private void warnOfThreadsLeft(Set<Thread> before) {
    String left =
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> thread.isAlive() && !thread.isDaemon() && !before.contains(thread))
            .map(Thread::getName)
            .sorted()
            .collect(Collectors.joining(", "));
    if (!left.isEmpty()) {
      logger.warn("The flow has left threads that end with its process: {}", left);
    }
  }
}
